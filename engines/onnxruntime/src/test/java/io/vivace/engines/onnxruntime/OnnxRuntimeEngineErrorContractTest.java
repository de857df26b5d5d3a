package io.vivace.engines.onnxruntime;

import io.vivace.engines.contract.EngineErrorContract;

class OnnxRuntimeEngineErrorContractTest extends EngineErrorContract
    implements OnnxRuntimeSubject {}

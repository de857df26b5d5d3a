package io.vivace.engines.onnxruntime;

import io.vivace.engines.contract.EngineLifecycleContract;

class OnnxRuntimeEngineLifecycleContractTest extends EngineLifecycleContract
    implements OnnxRuntimeSubject {}

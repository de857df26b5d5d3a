package io.vivace.engines.onnxruntime;

import io.vivace.engines.contract.EngineTranslatorContract;

class OnnxRuntimeEngineTranslatorContractTest extends EngineTranslatorContract
    implements OnnxRuntimeSubject {}

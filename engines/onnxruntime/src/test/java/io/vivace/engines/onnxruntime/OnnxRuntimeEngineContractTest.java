package io.vivace.engines.onnxruntime;

import io.vivace.engines.contract.EngineContract;

class OnnxRuntimeEngineContractTest extends EngineContract implements OnnxRuntimeSubject {}

package io.vivace.engines.onnxruntime;

import io.vivace.engines.contract.PredictorContract;

class OnnxRuntimePredictorContractTest extends PredictorContract implements OnnxRuntimeSubject {}

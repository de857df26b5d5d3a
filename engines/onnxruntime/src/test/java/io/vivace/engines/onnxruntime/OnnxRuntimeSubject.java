package io.vivace.engines.onnxruntime;

import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.EngineProvider;
import io.vivace.engines.contract.EngineSubject;

interface OnnxRuntimeSubject extends EngineSubject {
  EngineProvider PROVIDER = new OnnxRuntimeProvider();

  @Override
  default EngineProvider provider() {
    return PROVIDER;
  }

  @Override
  default ModelFormat format() {
    return ModelFormat.ONNX;
  }
}

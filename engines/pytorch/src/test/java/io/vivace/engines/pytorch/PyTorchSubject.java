package io.vivace.engines.pytorch;

import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.EngineProvider;
import io.vivace.engines.contract.EngineSubject;

interface PyTorchSubject extends EngineSubject {
  EngineProvider PROVIDER = new PyTorchProvider();

  @Override
  default EngineProvider provider() {
    return PROVIDER;
  }

  @Override
  default ModelFormat format() {
    return ModelFormat.TORCHSCRIPT;
  }
}

package io.vivace.core.internal.djl;

import ai.djl.Device;
import ai.djl.Model;
import io.vivace.core.model.Signature;
import io.vivace.core.spi.DjlModelAccess;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model that DJL has opened. Most of DJL's engines state no signature. */
record DjlModel(Model djlModel, AtomicBoolean closed) implements LoadedModel, DjlModelAccess {
  DjlModel(Model model) {
    this(model, new AtomicBoolean());
  }

  @Override
  public Signature signature() {
    return Signature.UNDECLARED;
  }

  @Override
  public String device() {
    Device device = djlModel.getNDManager().getDevice();
    return device.isGpu() ? "gpu:" + device.getDeviceId() : device.getDeviceType();
  }

  @Override
  public ExecutionContext newContext() {
    return new DjlContext(djlModel);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      djlModel.close();
    }
  }
}

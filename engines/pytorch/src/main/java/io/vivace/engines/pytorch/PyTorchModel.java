package io.vivace.engines.pytorch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import io.vivace.core.model.Signature;
import io.vivace.core.spi.DjlModelAccess;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/** One TorchScript module. Holds DJL's model, which would free the module when it is collected. */
final class PyTorchModel implements LoadedModel, DjlModelAccess {
  private final String name;
  private final Model model;
  private final PtSymbolBlock module;
  private final Device device;
  private final AtomicBoolean closed = new AtomicBoolean();

  PyTorchModel(String name, Model model, Device device) {
    this.name = name;
    this.model = model;
    this.module = (PtSymbolBlock) model.getBlock();
    this.device = device;
  }

  /** A TorchScript file states neither types nor shapes. */
  @Override
  public Signature signature() {
    return Signature.UNDECLARED;
  }

  @Override
  public String device() {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }

  @Override
  public ExecutionContext newContext() {
    PtNDManager arrays = (PtNDManager) model.getNDManager().newSubManager(device);
    return new PyTorchContext(this, arrays);
  }

  @Override
  public Model djlModel() {
    return (Model)
        Proxy.newProxyInstance(
            Model.class.getClassLoader(),
            new Class<?>[] {Model.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(model, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      model.close();
    }
  }

  PtSymbolBlock module() {
    return module;
  }

  boolean isOnProcessor() {
    return !device.isGpu();
  }

  @Override
  public String toString() {
    return "model " + name + " on engine " + PyTorchOptions.ENGINE;
  }
}

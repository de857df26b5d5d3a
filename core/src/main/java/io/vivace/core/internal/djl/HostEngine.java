package io.vivace.core.internal.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;

/**
 * The engine that DJL asks host arrays for. Known to nobody else: it is in no registry, so that it
 * never becomes a default, and starts no native library.
 */
final class HostEngine extends Engine {
  static final HostEngine INSTANCE = new HostEngine();

  private HostEngine() {}

  @Override
  public @Nullable Engine getAlternativeEngine() {
    return null;
  }

  @Override
  public String getEngineName() {
    return "Host";
  }

  @Override
  public int getRank() {
    return Integer.MAX_VALUE;
  }

  @Override
  public String getVersion() {
    return getDjlVersion();
  }

  @Override
  public boolean hasCapability(String capability) {
    return false;
  }

  @Override
  public Model newModel(String name, Device device) {
    throw new UnsupportedOperationException("the host engine has arrays only, no models");
  }

  @Override
  public NDManager newBaseManager() {
    return newBaseManager(Device.cpu());
  }

  @Override
  public NDManager newBaseManager(Device device) {
    return HostArrays.ROOT.newSubManager(device);
  }
}

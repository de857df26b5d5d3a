package io.vivace.core.internal.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where translators get their arrays from when the model's engine has none: from PyTorch, which has
 * every operation, if it is there and starts, else from the host.
 */
final class ArraySource {
  static final String PYTORCH = "PyTorch";

  private static final Logger log = LoggerFactory.getLogger(ArraySource.class);
  private static final Engine ENGINE = choose();

  private ArraySource() {}

  static NDManager newManager() {
    return ENGINE.newBaseManager();
  }

  private static Engine choose() {
    if (Engine.hasEngine(PYTORCH)) {
      try {
        return Engine.getEngine(PYTORCH);
      } catch (RuntimeException | LinkageError e) {
        log.info("PyTorch does not start, so translators get host arrays: {}", e.toString());
      }
    }
    return HostEngine.INSTANCE;
  }
}

package io.vivace.core.internal.djl;

import io.vivace.core.spi.EngineOptions;
import java.util.Map;

/**
 * Options of an engine that only DJL knows. They go to the engine as they are.
 *
 * <p>How many threads such an engine uses, or whether it takes two runs at a time, is not known, so
 * one run counts as using all processors.
 */
record DjlEngineOptions(String engine, Map<String, String> options) implements EngineOptions {
  DjlEngineOptions {
    options = Map.copyOf(options);
  }

  @Override
  public int threadsPerRun() {
    return Runtime.getRuntime().availableProcessors();
  }
}

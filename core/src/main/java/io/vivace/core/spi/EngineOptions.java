package io.vivace.core.spi;

/**
 * The typed options of one engine. Each engine module has a final class of its own, with named
 * starting points and methods that return a changed copy, and a {@code toString} that prints every
 * value.
 */
public interface EngineOptions {
  /**
   * Returns the name of the engine that these options are for.
   *
   * @return the {@linkplain EngineProvider#name() name of a provider}
   */
  String engine();

  /**
   * Returns how many threads one run may use inside the engine. Runs at a time times threads per
   * run stays within the processors.
   *
   * @return at least 1
   */
  int threadsPerRun();
}

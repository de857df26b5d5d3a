package io.vivace.core.spi;

import java.util.List;
import java.util.Objects;

/**
 * What the preflight found out about one engine.
 *
 * @param engine the engine's name
 * @param available whether models can be opened now, offline
 * @param version the version of the engine's native runtime; empty if not known
 * @param nativeLibrary where the native library is or was taken from; empty if not known
 * @param devices the devices that can run models, for example {@code cpu}
 * @param selfTest the verdict of the self-test, in a sentence; empty if it did not run
 * @param downloads what would have to be downloaded before a model can be opened; empty if nothing
 * @param problems why the engine is not available, and what to do; empty if it is
 */
public record EngineReport(
    String engine,
    boolean available,
    String version,
    String nativeLibrary,
    List<String> devices,
    String selfTest,
    List<String> downloads,
    List<String> problems) {
  /**
   * Copies the lists.
   *
   * @param engine the engine's name
   * @param available whether models can be opened now, offline
   * @param version the version of the engine's native runtime; empty if not known
   * @param nativeLibrary where the native library is or was taken from; empty if not known
   * @param devices the devices that can run models, for example {@code cpu}
   * @param selfTest the verdict of the self-test, in a sentence; empty if it did not run
   * @param downloads what would have to be downloaded before a model can be opened; empty if
   *     nothing
   * @param problems why the engine is not available, and what to do; empty if it is
   */
  public EngineReport {
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(nativeLibrary, "nativeLibrary");
    Objects.requireNonNull(selfTest, "selfTest");
    devices = List.copyOf(devices);
    downloads = List.copyOf(downloads);
    problems = List.copyOf(problems);
  }

  /**
   * Returns the report of an engine that cannot be used.
   *
   * @param engine the engine's name
   * @param problem why, and what to do
   * @return the report
   */
  public static EngineReport unavailable(String engine, String problem) {
    return new EngineReport(engine, false, "", "", List.of(), "", List.of(), List.of(problem));
  }
}

package io.vivace.core;

import io.vivace.core.internal.run.Inspection;
import io.vivace.core.spi.EngineReport;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What there is to run models with on this machine, found out without opening a model and without
 * downloading anything. Print it when a service starts, or test it before one is deployed.
 *
 * <pre>{@code
 * Preflight preflight = Preflight.run();
 * System.out.print(preflight.toText());
 * }</pre>
 *
 * @param java version and vendor of the Java runtime
 * @param system name and architecture of the operating system
 * @param processors processors that this process may use; a container's limit counts
 * @param budgets how each engine shares the processors out by default
 * @param engines what each engine found out about itself
 * @param djlTelemetry whether DJL may report its use to its makers; false unless the user asked for
 *     it
 * @param problems what stands in the way, and what to do: engines missing, found twice or broken
 */
public record Preflight(
    String java,
    String system,
    int processors,
    List<ThreadBudget> budgets,
    List<EngineReport> engines,
    boolean djlTelemetry,
    List<String> problems) {
  /**
   * How an engine shares the processors out when its options and the predictor's say nothing else.
   *
   * @param engine the engine's name
   * @param runs native runs at a time, at least 1
   * @param threadsPerRun threads of each run, at least 1
   */
  public record ThreadBudget(String engine, int runs, int threadsPerRun) {}

  /**
   * Copies the lists.
   *
   * @param java version and vendor of the Java runtime
   * @param system name and architecture of the operating system
   * @param processors processors that this process may use; a container's limit counts
   * @param budgets how each engine shares the processors out by default
   * @param engines what each engine found out about itself
   * @param djlTelemetry whether DJL may report its use to its makers; false unless the user asked
   *     for it
   * @param problems what stands in the way, and what to do: engines missing, found twice or broken
   */
  public Preflight {
    budgets = List.copyOf(budgets);
    engines = List.copyOf(engines);
    problems = List.copyOf(problems);
  }

  /**
   * Looks at this process, and at the engines on its class path. Starts engines whose native
   * library is there, which may take a second each; never downloads, never throws for what it
   * finds.
   *
   * @return the findings
   */
  public static Preflight run() {
    return Inspection.run();
  }

  /**
   * Tells whether models can be opened now, offline, with at least one engine.
   *
   * @return true if there is an engine that is available
   */
  public boolean isReady() {
    return engines.stream().anyMatch(EngineReport::available);
  }

  /**
   * Tells whether models can be opened now, offline, with one engine.
   *
   * @param engine the engine's name, for example {@code PyTorch}
   * @return true if there is such an engine and it is available
   */
  public boolean isReady(String engine) {
    return engines.stream().anyMatch(found -> found.engine().equals(engine) && found.available());
  }

  /**
   * Returns what would have to be downloaded before all engines can open models.
   *
   * @return one sentence for each download; empty if there is none
   */
  public List<String> downloads() {
    return engines.stream().flatMap(engine -> engine.downloads().stream()).toList();
  }

  /**
   * Returns the findings for a terminal.
   *
   * @return lines of at most a sentence, each ended with a line feed
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    line(text, "java", java);
    line(text, "system", system);
    line(text, "processors", String.valueOf(processors));
    line(text, "telemetry", djlTelemetry ? "DJL may report its use" : "off");
    engines.forEach(engine -> describe(text, engine));
    problems.forEach(problem -> line(text, "problem", problem));
    return text.toString();
  }

  private void describe(StringBuilder text, EngineReport engine) {
    line(text, "engine", engine.engine() + (engine.available() ? "" : ": NOT AVAILABLE"));
    line(text, "  version", engine.version());
    line(text, "  library", engine.nativeLibrary());
    line(text, "  devices", String.join(", ", engine.devices()));
    line(text, "  threads", threads(engine));
    line(text, "  self-test", engine.selfTest());
    engine.downloads().forEach(download -> line(text, "  download", download));
  }

  private String threads(EngineReport engine) {
    return budgets.stream()
        .filter(budget -> budget.engine().equals(engine.engine()))
        .map(budget -> budget.runs() + " runs at a time, threads each: " + budget.threadsPerRun())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static void line(StringBuilder text, String label, String value) {
    if (!value.isEmpty()) {
      text.append(String.format("%-12s%s%n", label, value));
    }
  }
}

package io.vivace.core.internal.run;

import io.vivace.core.Preflight;
import io.vivace.core.Preflight.ThreadBudget;
import io.vivace.core.spi.DjlTelemetry;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.EngineReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Looks at the process and its engines for the preflight. */
public final class Inspection {
  private final int processors = Runtime.getRuntime().availableProcessors();
  private final List<ThreadBudget> budgets = new ArrayList<>();
  private final List<EngineReport> reports = new ArrayList<>();
  private final List<String> problems;

  private Inspection(List<String> problems) {
    this.problems = new ArrayList<>(problems);
  }

  public static Preflight run() {
    Engines engines = Engines.onClassPath();
    return inspect(engines.providers(), engines.problems());
  }

  static Preflight inspect(List<EngineProvider> providers, List<String> problems) {
    Inspection inspection = new Inspection(problems);
    providers.forEach(inspection::inspect);
    inspection.reports.forEach(
        report ->
            report
                .problems()
                .forEach(
                    problem ->
                        inspection.problems.add("engine " + report.engine() + ": " + problem)));
    inspection.findDoubles(providers);
    if (providers.isEmpty()) {
      inspection.problems.add("no engine on the class path. " + Engines.HOW_TO_ADD);
    }
    return inspection.result();
  }

  private void inspect(EngineProvider provider) {
    try {
      reports.add(provider.report());
      int threads = provider.defaultOptions().threadsPerRun();
      budgets.add(new ThreadBudget(provider.name(), Math.max(1, processors / threads), threads));
    } catch (RuntimeException
        | LinkageError
        | AssertionError e) { // a broken engine is a finding, too
      reports.add(EngineReport.unavailable(provider.name(), "the engine's report failed: " + e));
    }
  }

  /** With two providers of one name, which one opens a model depends on the class path's order. */
  private void findDoubles(List<EngineProvider> providers) {
    Map<String, List<EngineProvider>> byName =
        providers.stream()
            .collect(
                Collectors.groupingBy(
                    EngineProvider::name, LinkedHashMap::new, Collectors.toList()));
    byName.forEach(
        (name, same) -> {
          if (same.size() > 1) {
            String places = same.stream().map(Inspection::place).collect(Collectors.joining(", "));
            problems.add(
                String.format(
                    "engine %s was found %d times: %s. Keep one of them on the class path.",
                    name, same.size(), places));
          }
        });
  }

  private static String place(EngineProvider provider) {
    var source = provider.getClass().getProtectionDomain().getCodeSource();
    return provider.getClass().getName()
        + (source == null ? "" : " in " + source.getLocation().getPath());
  }

  private Preflight result() {
    return new Preflight(
        System.getProperty("java.vm.version") + " (" + System.getProperty("java.vendor") + ")",
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        processors,
        budgets,
        reports,
        DjlTelemetry.isOn(),
        problems);
  }
}

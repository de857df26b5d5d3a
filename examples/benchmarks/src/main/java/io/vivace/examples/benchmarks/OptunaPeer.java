package io.vivace.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Optuna, run by a Python interpreter where one has it: the one of the system property {@code
 * vivace.python}, else {@code python3}.
 */
final class OptunaPeer {
  private static final String PYTHON = System.getProperty("vivace.python", "python3");

  /** Imports are not timed; the study's own bookkeeping is. */
  private static final String TPE =
      """
      import sys, time, warnings, optuna
      warnings.filterwarnings("ignore")
      optuna.logging.set_verbosity(optuna.logging.ERROR)
      trials, dimensions, seed = map(int, sys.argv[1:])
      def score(trial):
          return sum(trial.suggest_float("x%d" % i, 0, 1) ** 2 for i in range(dimensions))
      study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
      begin = time.perf_counter()
      study.optimize(score, n_trials=trials)
      print((time.perf_counter() - begin) * 1e3)
      """;

  private OptunaPeer() {}

  /** Whether Optuna is there; says so on the error stream if not. */
  static boolean isPresent() {
    try {
      version();
      return true;
    } catch (IOException e) {
      System.err.println(
          "optuna: skipped, "
              + e.getMessage()
              + "; name an interpreter that has it by -Dvivace.python=...");
      return false;
    }
  }

  static String version() throws IOException {
    return python("import optuna; print(optuna.__version__)");
  }

  static double tpeMillis(int trials, int dimensions, int seed) throws IOException {
    return Double.parseDouble(
        python(
            TPE, Integer.toString(trials), Integer.toString(dimensions), Integer.toString(seed)));
  }

  private static String python(String program, String... arguments) throws IOException {
    String[] command = new String[3 + arguments.length];
    command[0] = PYTHON;
    command[1] = "-c";
    command[2] = program;
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String answer = lines.readLine();
      if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0 || answer == null) {
        process.destroy();
        throw new IOException("\"" + PYTHON + "\" has no optuna");
      }
      return answer.trim();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * What Optuna 5.0.0's samplers, with their defaults, left to the minimum after 100 trials with
   * the seeds 0 to 49, by seed.
   */
  static double[] regrets(String sampler, String function) throws IOException {
    InputStream stream = OptunaPeer.class.getResourceAsStream("optuna-regrets.tsv");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(stream, "optuna-regrets.tsv"), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.split("\t"))
          .filter(line -> line[0].equals(sampler) && line[1].equals(function))
          .mapToDouble(line -> Double.parseDouble(line[3]))
          .toArray();
    }
  }
}

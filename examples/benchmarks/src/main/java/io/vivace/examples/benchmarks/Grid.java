package io.vivace.examples.benchmarks;

import io.vivace.examples.benchmarks.FixedWindow.Setting;
import java.util.ArrayList;
import java.util.List;

/** Seeks the fixed window that serves a load best. */
final class Grid {
  /** Judges a window; more is better. */
  @FunctionalInterface
  interface Judge<I> {
    double score(Service<I> window) throws Exception;
  }

  private Grid() {}

  static List<Setting> settings() {
    int[] sizes = Scale.SHORT ? new int[] {8, 64} : new int[] {4, 8, 16, 32, 64};
    long[] delays = Scale.SHORT ? new long[] {0, 1_000} : new long[] {0, 200, 1_000, 5_000};
    List<Setting> settings = new ArrayList<>();
    for (int size : sizes) {
      for (long delay : delays) {
        settings.add(new Setting(size, delay));
      }
    }
    return settings;
  }

  static <I> Setting best(RawSession<I> session, Judge<I> judge) throws Exception {
    Setting best = new Setting(1, 0);
    double most = Double.NEGATIVE_INFINITY;
    for (Setting setting : settings()) {
      try (Service<I> window = new FixedWindow<>(session, setting).start()) {
        double score = judge.score(window);
        if (score > most) {
          most = score;
          best = setting;
        }
      }
    }
    return best;
  }
}

package io.vivace.evaluate.metric;

import io.vivace.evaluate.internal.Placements;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** Intervals by formula, and the choice of one that suits a metric. */
final class Analytic {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final int JACKKNIFE_GROUPS = 100;

  private Analytic() {}

  /** The interval that suits; the bootstrap where there is no formula. */
  @SuppressWarnings("unchecked") // the accumulator is of the metric's batches
  static <B extends Batch> Interval suitable(Metric<B> metric, B batch, Bootstrap bootstrap) {
    double level = bootstrap.level();
    if (metric instanceof CurveArea area
        && batch instanceof Scores scores
        && area.isPlainRoc(scores)) {
      return deLong(scores, level);
    }
    Accumulator<B, ?> accumulator = metric.newState().accumulator();
    if (accumulator instanceof PairSimilarities || accumulator instanceof Silhouettes) {
      return jackknife(metric, batch, level);
    }
    if (batch.weights() == null && batch.size() > 1) {
      if (accumulator instanceof RowMean<?> mean) {
        return ofRows(metric, ((RowMean<B>) mean).figures(batch), level, bootstrap, batch);
      }
      if (accumulator instanceof PointSums sums
          && batch instanceof Values values
          && values.outputs == 1) {
        Interval mean = BootstrapT.ofMean(sums.losses(values, 0), level);
        double lower = sums.finished(Math.max(0, mean.lower()));
        return new Interval(lower, sums.finished(mean.upper()), level, mean.method());
      }
    }
    return bootstrap.interval(metric, batch);
  }

  private static <B extends Batch> Interval ofRows(
      Metric<B> metric, double[] figures, double level, Bootstrap bootstrap, B batch) {
    double[] defined = Arrays.stream(figures).filter(figure -> !Double.isNaN(figure)).toArray();
    boolean infinite = Arrays.stream(defined).anyMatch(Double::isInfinite);
    if (infinite) {
      return bootstrap.interval(metric, batch);
    }
    if (Arrays.stream(defined).allMatch(figure -> figure == 0 || figure == 1)
        && metric.lowest() == 0
        && metric.highest() == 1) {
      return wilson((long) Arrays.stream(defined).sum(), defined.length, level);
    }
    return BootstrapT.ofMean(defined, level).within(metric.lowest(), metric.highest());
  }

  static Interval wilson(long successes, long trials, double level) {
    checkCounts(successes, trials);
    if (trials == 0) {
      return Interval.undefined(level, "Wilson");
    }
    double z = normal(level);
    double n = trials;
    double p = successes / n;
    double scale = 1 + z * z / n;
    double centre = (p + z * z / (2 * n)) / scale;
    double margin = z / scale * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double lower = successes == 0 ? 0 : Math.max(0, centre - margin);
    double upper = successes == trials ? 1 : Math.min(1, centre + margin);
    return new Interval(lower, upper, level, "Wilson");
  }

  static Interval clopperPearson(long successes, long trials, double level) {
    checkCounts(successes, trials);
    String method = "Clopper-Pearson";
    if (trials == 0) {
      return Interval.undefined(level, method);
    }
    double tail = (1 - level) / 2;
    double failures = trials - (double) successes;
    double lower =
        successes == 0
            ? 0
            : BetaDistribution.of((double) successes, failures + 1)
                .inverseCumulativeProbability(tail);
    double upper =
        failures == 0
            ? 1
            : BetaDistribution.of(successes + 1.0, failures).inverseSurvivalProbability(tail);
    return new Interval(lower, upper, level, method);
  }

  private static void checkCounts(long successes, long trials) {
    Rows.check(
        successes >= 0 && trials >= successes,
        "successes must be from 0 to the number of trials, but were %,d of %,d",
        successes,
        trials);
  }

  static Interval ofMean(double[] values, double level) {
    int n = values.length;
    if (n < 2) {
      return Interval.undefined(level, "Student t");
    }
    ExactSum sum = new ExactSum();
    Arrays.stream(values).forEach(sum::add);
    double mean = sum.value() / n;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double margin = student(n - 1, level) * Math.sqrt(squares / (n - 1.0) / n);
    return new Interval(mean - margin, mean + margin, level, "Student t");
  }

  static Interval deLong(Scores batch, double level) {
    Rows.check(batch.classes == 2, "DeLong needs 2 classes, but there are %d", batch.classes);
    Rows.check(batch.weights == null, "DeLong's interval does not know weights");
    int n = batch.size();
    boolean[] positive = new boolean[n];
    double[] scores = new double[n];
    for (int row = 0; row < n; row++) {
      positive[row] = batch.truth[row] == 1;
      scores[row] = batch.positive(row);
    }
    Placements placements = Placements.of(positive, scores);
    int fewer = Math.min(placements.ofPositives().length, placements.ofNegatives().length);
    if (fewer < 2) {
      return Interval.undefined(level, "DeLong");
    }
    double auc = placements.auc();
    double variance = placements.covariance(placements);
    if (auc == 0 || auc == 1 || !(variance > 0)) {
      Interval exact = clopperPearson(Math.round(auc * fewer), fewer, level);
      return new Interval(exact.lower(), exact.upper(), level, "DeLong");
    }
    double logit = Math.log(auc / (1 - auc));
    double margin = normal(level) * Math.sqrt(variance) / (auc * (1 - auc));
    return new Interval(logistic(logit - margin), logistic(logit + margin), level, "DeLong");
  }

  private static double logistic(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  static <B extends Batch> Interval jackknife(Metric<B> metric, B batch, double level) {
    int n = batch.size();
    double value = metric.of(batch);
    if (n < 3 || Double.isNaN(value)) {
      return Interval.undefined(level, "jackknife");
    }
    ToDoubleFunction<int[]> statistic = Resamples.of(metric, batch);
    int threads = Runtime.getRuntime().availableProcessors();
    int[][] units = Draws.plain(n).units();
    double[] values = Replicates.jackknife(statistic, units, n, JACKKNIFE_GROUPS, threads);
    if (Arrays.stream(values).anyMatch(Double::isNaN)) {
      return Interval.undefined(level, "jackknife");
    }
    double groups = values.length;
    double mean = Arrays.stream(values).sum() / groups;
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double margin = student(groups - 1, level) * Math.sqrt((groups - 1) / groups * squares);
    return new Interval(value - margin, value + margin, level, "jackknife")
        .within(metric.lowest(), metric.highest());
  }

  private static double normal(double level) {
    return NORMAL.inverseSurvivalProbability((1 - level) / 2);
  }

  private static double student(double degreesOfFreedom, double level) {
    return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability((1 - level) / 2);
  }
}

package io.vivace.evaluate.select;

import io.vivace.evaluate.Comparison;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.compare.Correction;
import io.vivace.evaluate.compare.SampleSize;
import io.vivace.evaluate.metric.Goal;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Compares candidates to one of them.
 *
 * @param table where the evidence stands
 * @param objective the metric to compare by
 * @param margin differences up to this do not matter
 */
record Rivalry(MetricTable table, Metric<?> objective, double margin) {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  List<Rival> against(String best, List<String> names) {
    List<Comparison> raw = new ArrayList<>();
    names.forEach(name -> raw.add(table.compare(objective, name, best)));
    // An undefined p-value is no evidence; as 1 it keeps its place among the corrected ones.
    double[] corrected =
        Correction.HOLM.adjust(
            raw.stream()
                .mapToDouble(each -> Double.isNaN(each.pValue()) ? 1 : each.pValue())
                .toArray());
    List<Rival> rivals = new ArrayList<>();
    for (int i = 0; i < raw.size(); i++) {
      rivals.add(rival(names.get(i), raw.get(i), corrected[i]));
    }
    return rivals;
  }

  private Rival rival(String name, Comparison raw, double pValue) {
    Rival.Standing standing = standing(raw, pValue);
    Comparison.Significance significance =
        switch (standing) {
          case BETTER -> Comparison.Significance.BETTER;
          case WORSE -> Comparison.Significance.WORSE;
          default -> Comparison.Significance.UNDECIDED;
        };
    return new Rival(
        name,
        new Comparison(raw.difference(), raw.interval(), raw.test(), pValue, significance),
        standing,
        standing == Rival.Standing.OPEN ? moreExamples(name, raw) : OptionalLong.empty());
  }

  private Rival.Standing standing(Comparison raw, double pValue) {
    double sign = objective.goal() == Goal.MAXIMIZE ? 1 : -1;
    double gain = sign * raw.difference();
    Interval interval = raw.interval();
    if (margin > 0 && interval.lower() >= -margin && interval.upper() <= margin) {
      return Rival.Standing.PRACTICALLY_EQUAL;
    }
    double least = sign > 0 ? interval.lower() : -interval.upper();
    double most = sign > 0 ? interval.upper() : -interval.lower();
    if (pValue > Math.nextUp(1 - table.level())) {
      return Rival.Standing.OPEN;
    }
    if (gain > 0 && (margin == 0 || least > margin)) {
      return Rival.Standing.BETTER;
    }
    return gain < 0 && (margin == 0 || most < -margin) ? Rival.Standing.WORSE : Rival.Standing.OPEN;
  }

  /** The spread per example follows from the width of the interval, which shrinks as 1/sqrt(n). */
  private OptionalLong moreExamples(String name, Comparison raw) {
    int examples = table.row(name).examples();
    double halfWidth = raw.interval().width() / 2;
    double quantile = NORMAL.inverseSurvivalProbability((1 - table.level()) / 2);
    double deviation = halfWidth / quantile * Math.sqrt(examples);
    if (!Double.isFinite(deviation) || !Double.isFinite(raw.difference())) {
      return OptionalLong.empty();
    }
    long total =
        SampleSize.standard()
            .confidence(table.level())
            .margin(margin)
            .total(raw.difference(), deviation);
    return total == SampleSize.NEVER
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(1, total - examples));
  }
}

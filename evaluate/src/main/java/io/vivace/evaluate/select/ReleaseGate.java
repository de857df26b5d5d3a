package io.vivace.evaluate.select;

import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.metric.Constraint;
import io.vivace.evaluate.metric.Goal;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says whether a new model may take the place of the one in use: it keeps every bound, and is shown
 * not to be worse by more than a margin. Immutable.
 *
 * <pre>{@code
 * ReleaseGate gate =
 *     ReleaseGate.notWorse(ACCURACY, 0.01).subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)));
 * System.exit(ReleaseGate.run(() -> gate.judge(table, "int8"), System.out));
 * }</pre>
 */
public final class ReleaseGate {
  private static final int PASS = 0;
  private static final int FAIL = 1;
  private static final int OPEN = 2;
  private static final int BROKEN = 3;

  private final Metric<?> metric;
  private final double margin;
  private final List<Constraint> constraints;

  private ReleaseGate(Metric<?> metric, double margin, List<Constraint> constraints) {
    this.metric = metric;
    this.margin = margin;
    this.constraints = constraints;
  }

  /**
   * What a gate says.
   *
   * @param exitCode what a build may end with: 0 pass, 1 fail, 2 the data do not tell
   * @param reason the reason in words
   * @param assessment how the model stands to the bounds
   */
  public record Decision(int exitCode, String reason, Assessment assessment) {
    /**
     * Tells whether the model may be released.
     *
     * @return true if the exit code is 0
     */
    public boolean isPassed() {
      return exitCode == PASS;
    }
  }

  /**
   * Makes a gate that asks a model not to be worse than the baseline of the table.
   *
   * @param metric what to compare by
   * @param margin how much worse it may be, above 0: of two equal models neither is ever shown to
   *     be better
   * @return a gate without bounds
   * @throws IllegalArgumentException if the margin is not above 0 or not finite
   */
  public static ReleaseGate notWorse(Metric<?> metric, double margin) {
    if (!(margin > 0 && Double.isFinite(margin))) {
      throw new IllegalArgumentException("margin must be above 0 and finite, but was " + margin);
    }
    return new ReleaseGate(metric, margin, List.of());
  }

  /**
   * Sets bounds.
   *
   * @param bounds take the place of those before
   * @return a changed copy
   */
  public ReleaseGate subjectTo(Constraint... bounds) {
    return new ReleaseGate(metric, margin, List.of(bounds));
  }

  /**
   * Judges a model.
   *
   * @param table models by metrics; its baseline is the model in use
   * @param name the new model
   * @return the decision; judged by the bounds of the confidence intervals
   * @throws IllegalArgumentException if the table lacks the model, the metric or a bounded figure,
   *     or the new model is the baseline
   */
  public Decision judge(MetricTable table, String name) {
    if (name.equals(table.baseline())) {
      throw new IllegalArgumentException(name + " is the baseline; name the new model");
    }
    Assessment assessment = Assessment.of(table, name, constraints);
    Interval difference = table.compare(metric, name, table.baseline()).interval();
    boolean higher = metric.goal() == Goal.MAXIMIZE;
    double least = higher ? difference.lower() : -difference.upper();
    double most = higher ? difference.upper() : -difference.lower();
    String against = metric.name() + " against " + table.baseline();
    if (assessment.feasibility() == Feasibility.INFEASIBLE) {
      return new Decision(FAIL, name + " breaks a bound", assessment);
    }
    if (most < -margin) {
      return new Decision(
          FAIL, name + " is worse by more than " + margin + ": " + against, assessment);
    }
    if (assessment.feasibility() == Feasibility.UNDECIDED || !(least >= -margin)) {
      return new Decision(
          OPEN,
          assessment.feasibility() == Feasibility.UNDECIDED
              ? "it is open whether " + name + " keeps every bound"
              : "it is open whether " + name + " is worse by more than " + margin + ": " + against,
          assessment);
    }
    return new Decision(
        PASS, name + " keeps every bound and is not worse by more than " + margin, assessment);
  }

  /**
   * Judges and tells, for the {@code main} method of a build step.
   *
   * @param decision what to judge; may throw
   * @param out where the reason, or what was thrown, is written
   * @return the exit code: 0, 1 or 2 as decided, 3 if judging failed
   * @throws UncheckedIOException if nothing can be written
   */
  public static int run(Supplier<Decision> decision, Appendable out) {
    try {
      Decision found = decision.get();
      tell(out, found.reason());
      for (Assessment.Check check : found.assessment().checks()) {
        tell(out, "  " + check);
      }
      return found.exitCode();
    } catch (RuntimeException e) {
      tell(out, "the gate could not judge: " + e);
      return BROKEN;
    }
  }

  private static void tell(Appendable out, String line) {
    try {
      out.append(line).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the gate's reason", e);
    }
  }

  /** Returns every option with its value. */
  @Override
  public String toString() {
    return String.format(
        "ReleaseGate[metric=%s, margin=%s, constraints=%s]",
        metric.identity(), margin, constraints);
  }
}

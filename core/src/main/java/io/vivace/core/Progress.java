package io.vivace.core;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Hears how far long-running work has come: training, compression, search, cross-validation.
 *
 * <pre>{@code
 * FitContext<float[], Integer> context =
 *     FitContext.<float[], Integer>defaults().progress(step -> log.info("{}", step));
 * }</pre>
 *
 * <p>A listener only listens: what it throws does not end the work, see {@link #guarded()}. To end
 * it there is the {@link StopSignal}.
 */
@FunctionalInterface
public interface Progress {
  /**
   * Hears that a step is done. Called on the thread that did the work, which waits; from a guarded
   * listener's sight never twice at the same time.
   *
   * @param step what is done
   */
  void report(Step step);

  /**
   * A step that is done.
   *
   * @param stage what is counted, for example {@code epoch}; parts of parts are joined by a slash
   * @param done how many of this stage are done, at least 1
   * @param total how many there will be, or 0 if that is not known
   * @param values what was measured, by name, in the order given; may be empty
   */
  record Step(String stage, long done, long total, Map<String, Double> values) {
    /**
     * Copies the values and keeps their order.
     *
     * @param stage what is counted
     * @param done how many of this stage are done, at least 1
     * @param total how many there will be, at least {@code done}, or 0 if that is not known
     * @param values what was measured, by name
     * @throws IllegalArgumentException if the numbers are out of range
     */
    public Step {
      Objects.requireNonNull(stage, "stage");
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      if (done < 1 || total < 0 || (total > 0 && done > total)) {
        throw new IllegalArgumentException(
            String.format(
                "done must be from 1 to total, or total be 0 for unknown, but %s is %,d of %,d",
                stage, done, total));
      }
    }

    /**
     * Returns the step in one line.
     *
     * @return for example {@code epoch 3/10: loss=0.25, accuracy=0.9}
     */
    @Override
    public String toString() {
      String figures =
          values.entrySet().stream().map(Object::toString).collect(Collectors.joining(", "));
      return stage
          + ' '
          + done
          + (total > 0 ? "/" + total : "")
          + (figures.isEmpty() ? "" : ": ")
          + figures;
    }
  }

  /**
   * Returns the listener that does nothing.
   *
   * @return a listener
   */
  static Progress none() {
    return step -> {};
  }

  /**
   * Returns a listener for a part of this work: the name of the part comes before the stage.
   *
   * @param part for example {@code fold 2}, so that {@code epoch} becomes {@code fold 2/epoch}
   * @return a listener that reports to this one
   */
  default Progress within(String part) {
    Objects.requireNonNull(part, "part");
    return step ->
        report(new Step(part + '/' + step.stage(), step.done(), step.total(), step.values()));
  }

  /**
   * Returns a listener that cannot harm the work: an exception of this one is logged as a warning,
   * the first time with its stack trace, and the work goes on; an {@link Error} still ends it.
   * Calls from several threads are passed on one after the other.
   *
   * <p>Whoever takes a listener from a user guards it once; {@link FitContext} does.
   *
   * @return a thread-safe listener; this one if it is guarded already
   */
  default Progress guarded() {
    return new GuardedProgress(this);
  }
}

package io.vivace.core;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Some items of {@link Predictor#predictAll} failed. Carries the outcome of every item, in the
 * order of the items, so that no answer is lost.
 */
public final class PartialResultException extends InferenceException {
  private static final long serialVersionUID = 1L;

  private final transient List<? extends Outcome<?>> outcomes;

  /**
   * Makes the exception from all outcomes of a call.
   *
   * @param outcomes one per item, in order, at least one of them failed
   */
  public PartialResultException(List<? extends Outcome<?>> outcomes) {
    super(Code.PARTIAL_RESULT, describe(outcomes), firstError(outcomes));
    this.outcomes = List.copyOf(outcomes);
  }

  static <O> List<O> answers(List<Outcome<O>> outcomes) {
    for (Outcome<O> outcome : outcomes) {
      if (!outcome.isAnswered()) {
        throw new PartialResultException(outcomes);
      }
    }
    return outcomes.stream().map(Outcome::get).toList();
  }

  /**
   * Returns what became of each item.
   *
   * @return one outcome per item, in the order of the items
   */
  public List<? extends Outcome<?>> outcomes() {
    return outcomes;
  }

  /**
   * Returns the positions of the items that failed.
   *
   * @return ascending positions, at least one
   */
  public int[] failedRows() {
    return failed(outcomes).toArray();
  }

  private static IntStream failed(List<? extends Outcome<?>> outcomes) {
    return IntStream.range(0, outcomes.size()).filter(i -> !outcomes.get(i).isAnswered());
  }

  private static InferenceException firstError(List<? extends Outcome<?>> outcomes) {
    int first =
        failed(outcomes)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no outcome is a failure"));
    return outcomes.get(first).error();
  }

  private static String describe(List<? extends Outcome<?>> outcomes) {
    int[] failed = failed(outcomes).toArray();
    return failed.length
        + " of "
        + outcomes.size()
        + " items failed, the first at position "
        + failed[0]
        + ": "
        + outcomes.get(failed[0]).error().getMessage()
        + ". The others have answers: see outcomes(), or call predictEach.";
  }
}

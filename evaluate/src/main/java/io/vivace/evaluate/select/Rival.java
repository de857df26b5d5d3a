package io.vivace.evaluate.select;

import io.vivace.evaluate.Comparison;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How a candidate compares to the one that has the best value.
 *
 * @param name the candidate
 * @param comparison candidate minus best by the objective, its p-value corrected after Holm for the
 *     number of rivals
 * @param standing what it comes to
 * @param moreExamples about how many more examples would tell, where that is open and can be told
 */
public record Rival(
    String name, Comparison comparison, Standing standing, OptionalLong moreExamples) {
  /**
   * Checks that nothing is null.
   *
   * @param name the candidate
   * @param comparison candidate minus best
   * @param standing what it comes to
   * @param moreExamples about how many more examples would tell
   */
  public Rival {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(comparison, "comparison");
    Objects.requireNonNull(standing, "standing");
    Objects.requireNonNull(moreExamples, "moreExamples");
  }

  /** What a comparison comes to. */
  public enum Standing {
    /** Better by more than matters. */
    BETTER,
    /** The difference is too small to matter. */
    PRACTICALLY_EQUAL,
    /** Worse by more than matters. */
    WORSE,
    /** The data do not tell. */
    OPEN
  }
}

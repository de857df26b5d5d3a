package io.vivace.evaluate.select;

import io.vivace.core.Provenance;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What came of a selection, and why.
 *
 * @param outcome whether there is a choice
 * @param choice the chosen candidate; null if there is none
 * @param reason the reason in words
 * @param assessments how each candidate stands to the constraints, in the order of the table
 * @param rivals how the candidates in question compare to the one with the best value
 * @param paretoFront candidates that no other beats in one figure without being worse in another:
 *     the objective, and {@linkplain Selection#cheapestBy what the choice costs}, no other column;
 *     without those that break a constraint
 * @param moreExamples about how many more examples would decide, where that is open and can be told
 * @param provenance what made the figures
 */
public record Verdict(
    Outcome outcome,
    @Nullable String choice,
    String reason,
    List<Assessment> assessments,
    List<Rival> rivals,
    List<String> paretoFront,
    OptionalLong moreExamples,
    Provenance provenance) {
  /**
   * Copies the lists.
   *
   * @param outcome whether there is a choice
   * @param choice the chosen candidate; null if there is none
   * @param reason the reason in words
   * @param assessments how each candidate stands to the constraints
   * @param rivals how the candidates in question compare to the one with the best value
   * @param paretoFront candidates that no other beats
   * @param moreExamples about how many more examples would decide
   * @param provenance what made the figures
   */
  public Verdict {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
    assessments = List.copyOf(assessments);
    rivals = List.copyOf(rivals);
    paretoFront = List.copyOf(paretoFront);
    Objects.requireNonNull(moreExamples, "moreExamples");
    Objects.requireNonNull(provenance, "provenance");
  }

  /** Whether there is a choice. */
  public enum Outcome {
    /** A candidate is chosen. Exit code 0. */
    CHOSEN(0),
    /** Every candidate breaks a constraint. Exit code 1. */
    NONE_FEASIBLE(1),
    /** The data do not tell. Exit code 2. */
    UNDECIDED(2);

    private final int exitCode;

    Outcome(int exitCode) {
      this.exitCode = exitCode;
    }

    /**
     * Returns what a build may end with.
     *
     * @return 0, 1 or 2
     */
    public int exitCode() {
      return exitCode;
    }
  }

  /**
   * Returns the chosen candidate.
   *
   * @return its name, if there is a choice
   */
  public Optional<String> chosen() {
    return Optional.ofNullable(choice);
  }

  /**
   * Returns what a build may end with.
   *
   * @return that of the {@linkplain #outcome() outcome}: 0, 1 or 2
   */
  public int exitCode() {
    return outcome.exitCode();
  }

  /**
   * Returns outcome, reason and evidence.
   *
   * @return lines that end with a line feed
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(outcome).append(choice == null ? "" : ": " + choice).append('\n');
    text.append(reason).append('\n');
    for (Assessment each : assessments) {
      text.append(each.name()).append(": ").append(each.feasibility()).append('\n');
      each.checks().forEach(check -> text.append("  ").append(check).append('\n'));
    }
    for (Rival rival : rivals) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s against the best: %+.6g, corrected p %.4g (%s), %s%s\n",
              rival.name(),
              rival.comparison().difference(),
              rival.comparison().pValue(),
              rival.comparison().test(),
              rival.standing(),
              rival.moreExamples().isPresent()
                  ? ", about " + rival.moreExamples().getAsLong() + " more examples would tell"
                  : ""));
    }
    return text.append("Pareto front: ").append(paretoFront).append('\n').toString();
  }
}

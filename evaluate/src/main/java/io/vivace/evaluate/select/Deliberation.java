package io.vivace.evaluate.select;

import io.vivace.evaluate.Comparison;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Constraint;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way from figures to a verdict; see {@link Selection}.
 *
 * @param table where the figures stand
 * @param objective what to choose by
 * @param constraints what to keep
 * @param margin differences of the objective up to this do not matter
 * @param costs what is cheap
 */
record Deliberation(
    MetricTable table,
    Metric<?> objective,
    List<Constraint> constraints,
    double margin,
    Costs costs) {

  Verdict verdict() {
    List<Assessment> assessments =
        table.names().stream().map(name -> Assessment.of(table, name, constraints)).toList();
    List<String> feasible = names(assessments, Feasibility.FEASIBLE);
    List<String> undecided = names(assessments, Feasibility.UNDECIDED);
    Findings findings =
        new Findings(assessments, costs.paretoFront(possible(feasible, undecided), column()));
    Optional<String> best = best(feasible);
    if (best.isPresent()) {
      return amongFeasible(best.get(), feasible, undecided, findings);
    }
    if (!feasible.isEmpty()) {
      return findings.undecided(
          objective.name() + " is undefined for every feasible candidate",
          List.of(),
          OptionalLong.empty());
    }
    return undecided.isEmpty()
        ? findings.verdict(
            Verdict.Outcome.NONE_FEASIBLE,
            null,
            "every candidate breaks a constraint",
            List.of(),
            OptionalLong.empty())
        : findings.undecided(
            "no candidate is shown to keep every constraint; it is open for "
                + undecided
                + ": measure more",
            List.of(),
            OptionalLong.empty());
  }

  private Column column() {
    return Column.of(objective);
  }

  private static List<String> names(List<Assessment> assessments, Feasibility feasibility) {
    return assessments.stream()
        .filter(each -> each.feasibility() == feasibility)
        .map(Assessment::name)
        .toList();
  }

  /** In the order of the table. */
  private List<String> possible(List<String> feasible, List<String> undecided) {
    return table.names().stream()
        .filter(name -> feasible.contains(name) || undecided.contains(name))
        .toList();
  }

  private Optional<String> best(List<String> names) {
    String best = null;
    double value = Double.NaN;
    for (String name : names) {
      double own = table.cell(name, objective).value();
      if (objective.goal().isBetter(own, value)) {
        best = name;
        value = own;
      }
    }
    return Optional.ofNullable(best);
  }

  private Verdict amongFeasible(
      String best, List<String> feasible, List<String> undecided, Findings findings) {
    List<String> others =
        possible(feasible, undecided).stream().filter(name -> !name.equals(best)).toList();
    List<Rival> rivals = new Rivalry(table, objective, margin).against(best, others);
    List<String> better = named(rivals, Rival.Standing.BETTER).filter(undecided::contains).toList();
    if (!better.isEmpty()) {
      return findings.undecided(
          String.format(
              "%s is the best that is shown to keep every constraint, but %s would be better and"
                  + " may keep them too: measure more",
              best, better),
          rivals,
          OptionalLong.empty());
    }
    String choice = cheapest(best, rivals, feasible);
    List<Rival> open =
        rivals.stream()
            .filter(rival -> rival.standing() == Rival.Standing.OPEN)
            .filter(rival -> feasible.contains(rival.name()))
            .filter(rival -> costs.isCheaper(rival.name(), choice))
            .toList();
    return open.isEmpty()
        ? findings.verdict(
            Verdict.Outcome.CHOSEN,
            choice,
            reason(best, choice, rivals),
            rivals,
            OptionalLong.empty())
        : open(choice, open, rivals, findings);
  }

  private String cheapest(String best, List<Rival> rivals, List<String> feasible) {
    String choice = best;
    for (String name : named(rivals, Rival.Standing.PRACTICALLY_EQUAL).toList()) {
      if (feasible.contains(name) && costs.isCheaper(name, choice)) {
        choice = name;
      }
    }
    return choice;
  }

  private static Stream<String> named(List<Rival> rivals, Rival.Standing standing) {
    return rivals.stream().filter(rival -> rival.standing() == standing).map(Rival::name);
  }

  private String reason(String best, String choice, List<Rival> rivals) {
    String value = String.format(Locale.ROOT, "%.4g", table.cell(best, objective).value());
    if (!choice.equals(best)) {
      return String.format(
          "%s has the best %s, %s; %s is practically equal (within %s) and cheaper",
          best, objective.name(), value, choice, margin);
    }
    List<Rival> open =
        rivals.stream().filter(rival -> rival.standing() == Rival.Standing.OPEN).toList();
    return String.format(
        "%s has the best %s, %s%s%s",
        best,
        objective.name(),
        value,
        constraints.isEmpty() ? "" : ", and keeps every constraint",
        open.isEmpty() ? "" : "; " + chances(open) + ", not shown to be cheaper");
  }

  /** What is open of each: a difference that is shown may still be one that does not matter. */
  private String chances(List<Rival> open) {
    List<String> worse = open.stream().filter(this::isWorse).map(Rival::name).toList();
    List<String> equal =
        open.stream().map(Rival::name).filter(name -> !worse.contains(name)).toList();
    List<String> sentences = new ArrayList<>();
    if (!equal.isEmpty()) {
      sentences.add(String.join(", ", equal) + " may be as good");
    }
    if (!worse.isEmpty()) {
      sentences.add(
          String.format(
              "%s %s worse, maybe by no more than the margin of %s",
              String.join(", ", worse), worse.size() == 1 ? "is" : "are", margin));
    }
    return String.join("; ", sentences);
  }

  private boolean isWorse(Rival rival) {
    Comparison comparison = rival.comparison();
    return comparison.pValue() <= Math.nextUp(1 - table.level())
        && objective.goal().isBetter(0, comparison.difference());
  }

  private Verdict open(String choice, List<Rival> open, List<Rival> rivals, Findings findings) {
    List<String> names = open.stream().map(Rival::name).toList();
    boolean known = open.stream().allMatch(rival -> rival.moreExamples().isPresent());
    OptionalLong more =
        known
            ? open.stream().mapToLong(rival -> rival.moreExamples().orElseThrow()).max()
            : OptionalLong.empty();
    String needed =
        more.isPresent()
            ? String.format("about %,d more examples needed", more.getAsLong())
            : "no number of examples is likely to tell; take another margin";
    return findings.undecided(
        String.format(
            "%s %s cheaper than %s, and %s: %s",
            names, names.size() == 1 ? "is" : "are", choice, chances(open), needed),
        rivals,
        more);
  }

  /** What every verdict on this table carries. */
  private final class Findings {
    private final List<Assessment> assessments;
    private final List<String> paretoFront;

    Findings(List<Assessment> assessments, List<String> paretoFront) {
      this.assessments = assessments;
      this.paretoFront = paretoFront;
    }

    Verdict undecided(String reason, List<Rival> rivals, OptionalLong more) {
      return verdict(Verdict.Outcome.UNDECIDED, null, reason, rivals, more);
    }

    Verdict verdict(
        Verdict.Outcome outcome,
        @Nullable String choice,
        String reason,
        List<Rival> rivals,
        OptionalLong more) {
      return new Verdict(
          outcome, choice, reason, assessments, rivals, paretoFront, more, table.provenance());
    }
  }
}

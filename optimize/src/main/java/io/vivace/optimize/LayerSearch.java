package io.vivace.optimize;

import io.vivace.optimize.Assignment.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Finds which layers must be spared: sensitivity first, then bisection, then one by one. */
final class LayerSearch {
  /** How much cheaper each further relaxation of the same layer counts. */
  private static final double NEXT_LEVEL = 4;

  private final TrialBench bench;
  private final List<Step> steps;
  private final SearchLimits limits;
  private final double originalQuality;
  private final ModelSize original;
  private int expected;

  LayerSearch(TrialBench bench, List<Step> steps, SearchLimits limits) {
    this.bench = bench;
    this.steps = steps;
    this.limits = limits;
    this.original = bench.originalSize();
    this.originalQuality = bench.originalQuality();
  }

  SearchResult run() {
    List<Unit> units = units();
    expected = units.size() + 3 + 2 * log2(units.size());
    Assignment strongest = Assignment.strongest(steps.size());
    if (!isGoodEnough(strongest)) {
      List<Move> moves = moves(strongest, units);
      int spared = bisect(strongest, moves);
      takeBack(strongest, moves, spared);
    }
    return result();
  }

  private List<Unit> units() {
    List<String> layers = bench.layers();
    List<Unit> units = new ArrayList<>();
    for (int step = 0; step < steps.size(); step++) {
      if (steps.get(step).isByLayer()) {
        for (String layer : layers) {
          units.add(new Unit(step, layer));
        }
      }
    }
    return units;
  }

  private static int log2(int number) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, number));
  }

  private boolean isGoodEnough(Assignment assignment) {
    return limits.isGoodEnough(bench.trial(assignment, expected), originalQuality);
  }

  /** A layer gets the next milder setting in a step. */
  private record Move(Unit unit, int level, double loss, double noise) {}

  /** What a layer loses per byte that it saves. */
  private record Sensitivity(Unit unit, double loss, double noise) {}

  /** All moves, those first that give most quality back per byte. */
  private List<Move> moves(Assignment strongest, List<Unit> units) {
    Assignment untouched = strongest;
    for (Unit unit : units) {
      untouched = untouched.with(unit, steps.get(unit.step()).untouched());
    }
    List<Move> moves = new ArrayList<>();
    for (Unit unit : units) {
      Sensitivity sensitivity = sensitivity(unit, untouched);
      double share = 1;
      for (int level = 1; level <= steps.get(unit.step()).untouched(); level++) {
        moves.add(new Move(unit, level, sensitivity.loss() * share, sensitivity.noise() * share));
        share /= NEXT_LEVEL;
      }
    }
    moves.sort(
        Comparator.comparingDouble(Move::loss)
            .thenComparingDouble(Move::noise)
            .reversed()
            .thenComparingInt(Move::level));
    return moves;
  }

  private Sensitivity sensitivity(Unit unit, Assignment untouched) {
    if (bench.isOver()) {
      return new Sensitivity(unit, 0, 0);
    }
    Trial alone = bench.trial(untouched.with(unit, 0), expected);
    if (Double.isNaN(alone.quality())) {
      return new Sensitivity(unit, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    // A zero counts as a byte: the file is no smaller for it, but the packed one is.
    long zeros = Math.max(0, original.nonZeros() - alone.nonZeros());
    double saved = Math.max(1, original.bytes() - alone.bytes() + zeros);
    double loss = Math.max(0, originalQuality - alone.quality());
    return new Sensitivity(unit, loss / saved, alone.noise() / saved);
  }

  private static Assignment spared(Assignment strongest, List<Move> moves, int count) {
    Assignment assignment = strongest;
    for (Move move : moves.subList(0, count)) {
      assignment = assignment.with(move.unit(), move.level());
    }
    return assignment;
  }

  /** The smallest number of moves found that is good enough; all of them if none is. */
  private int bisect(Assignment strongest, List<Move> moves) {
    int low = 0;
    int high = moves.size();
    while (high - low > 1 && !bench.isOver()) {
      int middle = (low + high) >>> 1;
      if (isGoodEnough(spared(strongest, moves, middle))) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  /** Undoes single moves, those of the least sensitive layers first, while that is good enough. */
  private void takeBack(Assignment strongest, List<Move> moves, int count) {
    Assignment assignment = spared(strongest, moves, count);
    if (bench.isOver() || !isGoodEnough(assignment)) {
      return;
    }
    for (int i = count - 1; i >= 0 && !bench.isOver(); i--) {
      Move move = moves.get(i);
      if (assignment.level(move.unit()) == move.level()) {
        Assignment stronger = assignment.with(move.unit(), move.level() - 1);
        assignment = isGoodEnough(stronger) ? stronger : assignment;
      }
    }
  }

  private SearchResult result() {
    Map<Assignment, Trial> trials = bench.trials();
    Comparator<Map.Entry<Assignment, Trial>> byViolation =
        Comparator.comparingDouble(each -> limits.violation(each.getValue(), originalQuality));
    Map.Entry<Assignment, Trial> best =
        trials.entrySet().stream()
            .min(
                byViolation
                    .thenComparingLong(each -> thousandths(each.getValue()))
                    .thenComparingLong(each -> each.getValue().nonZeros())
                    .thenComparingLong(each -> each.getValue().bytes())
                    .thenComparingDouble(each -> -each.getValue().quality()))
            .orElseThrow();
    double violation = limits.violation(best.getValue(), originalQuality);
    RuntimeException failure = bench.failure();
    if (Double.isInfinite(violation) && failure != null) {
      throw failure;
    }
    long bytes = original.bytes();
    List<SearchTrial> all =
        trials.entrySet().stream()
            .filter(each -> !Double.isNaN(each.getValue().quality()))
            .map(each -> trial(each, bytes))
            .toList();
    List<SearchTrial> front =
        all.stream()
            .filter(each -> all.stream().noneMatch(each::isBeatenBy))
            .sorted(Comparator.comparingLong(SearchTrial::bytes))
            .toList();
    return new SearchResult(
        originalQuality,
        bench.originalLatency(),
        trial(best, bytes),
        violation == 0,
        front,
        trials.size(),
        limits.describe());
  }

  /** The size so roughly that a few bytes do not outweigh the zeros of pruning. */
  private long thousandths(Trial trial) {
    return trial.bytes() / Math.max(1, original.bytes() / 1_000);
  }

  private SearchTrial trial(Map.Entry<Assignment, Trial> entry, long bytes) {
    Trial trial = entry.getValue();
    return new SearchTrial(
        CompressionPlan.of(bench.artifact().name(), bytes, bench.sha256(), steps, entry.getKey()),
        trial.bytes(),
        trial.nonZeros(),
        trial.quality(),
        trial.latencyNanos());
  }
}

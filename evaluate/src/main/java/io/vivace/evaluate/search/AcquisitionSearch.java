package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Finds the most promising point: many points of a Sobol sequence, then local searches from the
 * best, from some drawn in proportion to what they promise, and from the best trial. A local search
 * climbs along the numbers without steps and then tries the values of all others one by one, until
 * nothing helps.
 */
final class AcquisitionSearch {
  private static final int LOCAL_SEARCHES = 10;
  private static final int ROUNDS = 20;
  private static final int EVERY_VALUE = 16;
  private static final double TOLERANCE = 1e-3;
  private static final int MAX_STEPS = 100;

  private final Space space;
  private final Acquisition acquisition;
  private final double[] scales;

  AcquisitionSearch(Space space, Acquisition acquisition) {
    this.space = space;
    this.acquisition = acquisition;
    scales = acquisition.kernel().inverseSquares().clone();
    for (int d = 0; d < scales.length; d++) {
      scales[d] = Math.sqrt(scales[d]);
    }
  }

  /** A point by its units, and what it promises. */
  private static final class Candidate {
    private final double[] units;
    private final double value;

    Candidate(double[] units, double value) {
      this.units = units;
      this.value = value;
    }

    double[] units() {
      return units;
    }

    double value() {
      return value;
    }
  }

  /** The codes of the best point found. */
  double[] run(List<double[]> starts, int samples, UniformRandomProvider random) {
    List<Candidate> candidates = new ArrayList<>();
    SobolSequence sequence =
        space.size() <= SobolSequence.MAX_DIMENSIONS
            ? SobolSequence.scrambled(space.size(), random.nextLong())
            : null;
    for (int i = 0; i < samples; i++) {
      double[] units =
          sequence == null ? random.doubles(space.size()).toArray() : sequence.point(i);
      candidates.add(candidate(units));
    }
    List<Candidate> chosen = choose(candidates, LOCAL_SEARCHES - starts.size(), random);
    starts.forEach(units -> chosen.add(candidate(units)));
    Candidate best = chosen.get(0);
    for (Candidate start : chosen) {
      Candidate found = climb(start);
      if (found.value() > best.value()) {
        best = found;
      }
    }
    return space.decode(best.units());
  }

  private Candidate candidate(double[] units) {
    return new Candidate(units, acquisition.at(features(units)));
  }

  private double[] features(double[] units) {
    return Features.of(space, space.decode(units));
  }

  /** The best, and others with the probability of their expected improvement. */
  private static List<Candidate> choose(
      List<Candidate> candidates, int count, UniformRandomProvider random) {
    int best = 0;
    for (int i = 1; i < candidates.size(); i++) {
      if (candidates.get(i).value() > candidates.get(best).value()) {
        best = i;
      }
    }
    double top = candidates.get(best).value();
    double[] weights =
        candidates.stream().mapToDouble(c -> Math.exp(Math.min(0, c.value() - top))).toArray();
    List<Candidate> chosen = new ArrayList<>();
    for (int next = best; next >= 0 && chosen.size() < count; next = draw(weights, random)) {
      chosen.add(candidates.get(next));
      weights[next] = 0;
    }
    return chosen;
  }

  private static int draw(double[] weights, UniformRandomProvider random) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double rest = random.nextDouble() * sum;
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        rest -= weights[i];
        if (rest < 0) {
          return i;
        }
      }
    }
    return last;
  }

  private Candidate climb(Candidate start) {
    Candidate best = start;
    for (int round = 0; round < ROUNDS; round++) {
      Candidate before = best;
      best = alongNumbers(best);
      for (int d = 0; d < space.size(); d++) {
        if (space.axis(d).count() > 1) {
          best = alongSteps(best, d);
        }
      }
      if (best.value() <= before.value() + 1e-9 || !hasSteps()) {
        break;
      }
    }
    return best;
  }

  private boolean hasSteps() {
    for (int d = 0; d < space.size(); d++) {
      if (space.axis(d).count() > 1) {
        return true;
      }
    }
    return false;
  }

  /** Numbers without steps are free; they are measured in lengths of the kernel. */
  private Candidate alongNumbers(Candidate from) {
    double[] codes = space.decode(from.units());
    int[] free =
        IntStream.range(0, codes.length)
            .filter(d -> space.axis(d).count() == 0 && !Double.isNaN(codes[d]))
            .toArray();
    if (free.length == 0) {
      return from;
    }
    double[] features = Features.of(space, codes);
    double[] all = new double[features.length];
    double[] start = new double[free.length];
    double[] high = new double[free.length];
    for (int i = 0; i < free.length; i++) {
      high[i] = scales[free[i]];
      start[i] = features[free[i]] * high[i];
    }
    Lbfgs.Function function =
        (x, gradient) -> {
          for (int i = 0; i < free.length; i++) {
            features[free[i]] = x[i] / high[i];
          }
          double value = acquisition.at(features, all);
          for (int i = 0; i < free.length; i++) {
            gradient[i] = -all[free[i]] / high[i];
          }
          return -value;
        };
    Lbfgs.Minimum found =
        Lbfgs.minimize(function, start, new double[free.length], high, TOLERANCE, MAX_STEPS);
    if (!(-found.value() > from.value())) {
      return from;
    }
    double[] units = from.units().clone();
    for (int i = 0; i < free.length; i++) {
      units[free[i]] = Math.min(1, found.x()[i] / high[i]);
    }
    return new Candidate(units, -found.value());
  }

  /** Every value of a choice or a short range; in a long one, neighbours at halving distances. */
  private Candidate alongSteps(Candidate from, int d) {
    if (Double.isNaN(space.decode(from.units())[d])) {
      return from;
    }
    Axis axis = space.axis(d);
    Candidate best = from;
    if (axis.isCategorical() || axis.count() <= EVERY_VALUE) {
      for (long i = 0; i < axis.count(); i++) {
        best = better(best, from, d, axis.onGrid(i));
      }
      return best;
    }
    for (long reach = axis.count() / 4; reach >= 1; reach /= 2) {
      double here = space.decode(best.units())[d];
      best = better(best, best, d, axis.snap(here - reach * axis.step()));
      best = better(best, best, d, axis.snap(here + reach * axis.step()));
    }
    return best;
  }

  private Candidate better(Candidate best, Candidate from, int d, double code) {
    double[] units = from.units().clone();
    units[d] = space.axis(d).toUnit(code);
    Candidate found = candidate(units);
    return found.value() > best.value() ? found : best;
  }
}

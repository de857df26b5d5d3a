package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Bayesian optimisation: a Gaussian process with a Matern-5/2 kernel is fitted to the complete
 * trials, and the point with the highest logarithm of the expected improvement is tried next, with
 * constraints times the probability to keep them. Trials that are still running count with the
 * value that the process expects. For one direction; the time grows with the cube of the trials, so
 * up to some 500.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #startup(int) startup}</td><td>10 trials</td></tr>
 * <tr><td>{@link #candidates(int) candidates}</td><td>2,048</td></tr>
 * </table>
 */
public final class GaussianProcessSampler extends Sampler {
  static final GaussianProcessSampler DEFAULT = new GaussianProcessSampler(10, 2048);

  private final int startup;
  private final int candidates;

  private GaussianProcessSampler(int startup, int candidates) {
    this.startup = startup;
    this.candidates = candidates;
  }

  /**
   * Sets how many trials must be complete before a process is fitted; the points until then are
   * those of a scrambled Sobol sequence.
   *
   * @param trials at least 2
   * @return a changed copy
   * @throws IllegalArgumentException if {@code trials} is below 2
   */
  public GaussianProcessSampler startup(int trials) {
    if (trials < 2) {
      throw new IllegalArgumentException("startup must be at least 2, but was " + trials);
    }
    return new GaussianProcessSampler(trials, candidates);
  }

  /**
   * Sets at how many points the promise is computed before the local searches.
   *
   * @param points at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code points} is below 1
   */
  public GaussianProcessSampler candidates(int points) {
    if (points < 1) {
      throw new IllegalArgumentException("candidates must be at least 1, but was " + points);
    }
    return new GaussianProcessSampler(startup, points);
  }

  @Override
  void check(Space space, int directions, List<String> faults) {
    if (directions != 1) {
      faults.add(
          "the Gaussian process knows one direction, but there are "
              + directions
              + "; take Study.tpe() or Study.nsga2()");
    }
  }

  @Override
  double[] propose(History history) {
    Space space = history.space();
    List<Finished> complete = history.finished().stream().filter(Finished::isComplete).toList();
    UniformRandomProvider random = history.random();
    if (complete.size() < startup) {
      return SobolSampler.draw(history);
    }
    double[][] points =
        complete.stream().map(t -> Features.of(space, t.codes())).toArray(double[][]::new);
    double[][] pending =
        history.pending().stream().map(c -> Features.of(space, c)).toArray(double[][]::new);
    boolean[] categorical = Features.categorical(space);
    Standardized scores =
        Standardized.of(complete.stream().mapToDouble(t -> -t.losses()[0]).toArray());
    GaussianProcess process = fit(categorical, points, scores.values(), pending);
    int best = best(complete, scores.values());
    List<double[]> starts = new ArrayList<>();
    if (best >= 0) {
      starts.add(space.encode(complete.get(best).codes()));
    }
    Acquisition acquisition =
        new Acquisition(
            process,
            best < 0 ? Double.NEGATIVE_INFINITY : scores.values()[best],
            limits(complete, categorical, points, pending));
    return new AcquisitionSearch(space, acquisition).run(starts, candidates, random);
  }

  /** The place of the best trial that keeps all constraints; -1 if none does. */
  private static int best(List<Finished> complete, double[] scores) {
    int best = -1;
    for (int i = 0; i < scores.length; i++) {
      if (complete.get(i).isFeasible() && (best < 0 || scores[i] > scores[best])) {
        best = i;
      }
    }
    return best;
  }

  /** A process that believes its own expectation at the pending points. */
  private static GaussianProcess fit(
      boolean[] categorical, double[][] points, double[] values, double[][] pending) {
    Kernel kernel = KernelFit.of(categorical, points, values);
    GaussianProcess process = new GaussianProcess(kernel, points, values);
    if (pending.length == 0) {
      return process;
    }
    int n = points.length;
    double[][] all = Arrays.copyOf(points, n + pending.length);
    double[] believed = Arrays.copyOf(values, n + pending.length);
    for (int i = 0; i < pending.length; i++) {
      all[n + i] = pending[i];
      believed[n + i] = process.posterior(pending[i])[0];
    }
    return new GaussianProcess(kernel, all, believed);
  }

  private static List<Acquisition.Limit> limits(
      List<Finished> complete, boolean[] categorical, double[][] points, double[][] pending) {
    Set<String> names = new LinkedHashSet<>();
    complete.forEach(trial -> names.addAll(trial.result().constraints().keySet()));
    List<Acquisition.Limit> limits = new ArrayList<>();
    for (String name : names) {
      Standardized margins =
          Standardized.of(
              complete.stream()
                  .mapToDouble(t -> -t.result().constraints().getOrDefault(name, 0.0))
                  .toArray());
      limits.add(
          new Acquisition.Limit(
              fit(categorical, points, margins.values(), pending), margins.of(0)));
    }
    return limits;
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "gaussianProcess(startup=" + startup + ", candidates=" + candidates + ")";
  }
}

package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * NSGA-II, a genetic sampler for several directions and constraints. Parents are the best trials so
 * far by front and crowding distance, a trial that keeps the constraints before one that does not;
 * they are chosen by binary tournament, numbers are mixed by simulated binary crossover and moved
 * by polynomial mutation, choices are swapped and redrawn. Source: Deb et al., "A fast and elitist
 * multiobjective genetic algorithm: NSGA-II", IEEE Trans. Evol. Comput. 6 (2002). Unlike there,
 * every trial that has ended joins the parents at once, with no generations to wait for.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #population(int) population}</td><td>50 trials</td></tr>
 * </table>
 */
public final class NsgaSampler extends Sampler {
  static final NsgaSampler DEFAULT = new NsgaSampler(50);
  private static final double CROSSOVER = 0.9;
  private static final double SPREAD = 20;

  private final int population;

  private NsgaSampler(int population) {
    this.population = population;
  }

  /**
   * Sets how many trials are parents; so many points are drawn at random first.
   *
   * @param trials at least 4
   * @return a changed copy
   * @throws IllegalArgumentException if {@code trials} is below 4
   */
  public NsgaSampler population(int trials) {
    if (trials < 4) {
      throw new IllegalArgumentException("population must be at least 4, but was " + trials);
    }
    return new NsgaSampler(trials);
  }

  @Override
  double[] propose(History history) {
    UniformRandomProvider random = history.random();
    Space space = history.space();
    List<Finished> complete = history.finished().stream().filter(Finished::isComplete).toList();
    if (history.number() < population || complete.size() < 2) {
      return RandomSampler.draw(space, random);
    }
    List<double[]> parents = parents(complete);
    double[] mother = space.encode(parents.get(tournament(parents.size(), random)));
    double[] father = space.encode(parents.get(tournament(parents.size(), random)));
    if (random.nextDouble() < CROSSOVER) {
      cross(space, mother, father, random);
    }
    for (int d = 0; d < mother.length; d++) {
      if (random.nextDouble() * mother.length < 1) {
        mother[d] = mutate(space.axis(d), mother[d], random);
      }
    }
    return space.decode(mother);
  }

  /** The points of the best trials, best first. */
  private List<double[]> parents(List<Finished> complete) {
    List<Finished> feasible = complete.stream().filter(Finished::isFeasible).toList();
    List<double[]> losses = feasible.stream().map(Finished::losses).toList();
    List<double[]> parents = new ArrayList<>();
    for (int[] front : Pareto.fronts(losses, population)) {
      double[] crowding = Pareto.crowding(losses, front);
      List<Integer> members = new ArrayList<>();
      for (int i = 0; i < front.length; i++) {
        members.add(i);
      }
      members.sort(Comparator.comparingDouble(i -> -crowding[i]));
      members.forEach(i -> parents.add(feasible.get(front[i]).codes()));
    }
    complete.stream()
        .filter(trial -> !trial.isFeasible())
        .sorted(Comparator.comparingDouble(Finished::violation))
        .forEach(trial -> parents.add(trial.codes()));
    return parents.subList(0, Math.min(population, parents.size()));
  }

  private static int tournament(int size, UniformRandomProvider random) {
    return Math.min(random.nextInt(size), random.nextInt(size));
  }

  /** Changes the first: a child near one of the two, or between them. */
  private static void cross(
      Space space, double[] first, double[] second, UniformRandomProvider random) {
    for (int d = 0; d < first.length; d++) {
      boolean swap = random.nextBoolean();
      double u = random.nextDouble();
      if (space.axis(d).isCategorical()) {
        first[d] = swap ? second[d] : first[d];
        continue;
      }
      double beta =
          u <= 0.5
              ? Math.pow(2 * u, 1 / (SPREAD + 1))
              : Math.pow(1 / (2 * (1 - u)), 1 / (SPREAD + 1));
      double near = swap ? second[d] : first[d];
      double far = swap ? first[d] : second[d];
      first[d] = inside(0.5 * ((1 + beta) * near + (1 - beta) * far));
    }
  }

  private static double mutate(Axis axis, double unit, UniformRandomProvider random) {
    double u = random.nextDouble();
    if (axis.isCategorical()) {
      return u;
    }
    double move =
        u < 0.5
            ? Math.pow(2 * u, 1 / (SPREAD + 1)) - 1
            : 1 - Math.pow(2 * (1 - u), 1 / (SPREAD + 1));
    return inside(unit + move);
  }

  private static double inside(double unit) {
    return Math.min(1, Math.max(0, unit));
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "nsga2(population=" + population + ")";
  }
}

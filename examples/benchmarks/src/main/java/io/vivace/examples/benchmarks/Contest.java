package io.vivace.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/**
 * Services under the same load in turn, several rounds, so that all of them meet the same noise.
 */
final class Contest<I> {
  /** Puts one service under load. */
  @FunctionalInterface
  interface Round<I> {
    Load run(Service<I> service, int round) throws Exception;
  }

  private record Contestant<I>(String name, Service<I> service, List<Load> loads) {}

  private final List<Contestant<I>> contestants = new ArrayList<>();

  Contest<I> add(String name, Service<I> service) {
    contestants.add(new Contestant<>(name, service, new ArrayList<>()));
    return this;
  }

  Contest<I> run(int rounds, Round<I> round) throws Exception {
    List<Contestant<I>> order = new ArrayList<>(contestants);
    for (int r = 0; r < rounds; r++) {
      for (Contestant<I> contestant : order) {
        contestant.loads.add(round.run(contestant.service, r));
      }
      order.add(order.remove(0)); // nobody always follows the same neighbour
    }
    return this;
  }

  private List<Load> loads(String name) {
    return contestants.stream().filter(c -> c.name.equals(name)).findFirst().orElseThrow().loads;
  }

  double median(String name, ToDoubleFunction<Load> value) {
    return Race.median(loads(name).stream().mapToDouble(value).toArray());
  }

  long failed(String name) {
    return loads(name).stream().mapToLong(Load::failed).sum();
  }

  /** All rounds of a service in one. */
  AbstractHistogram latency(String name) {
    Histogram all = new Histogram(3);
    loads(name).forEach(load -> all.add(load.latency()));
    return all;
  }
}

package io.vivace.examples.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private final Map<String, Service<I>> services = new LinkedHashMap<>();
  private final Map<String, List<Load>> loads = new LinkedHashMap<>();

  Contest<I> add(String name, Service<I> service) {
    services.put(name, service);
    loads.put(name, new ArrayList<>());
    return this;
  }

  Contest<I> run(int rounds, Round<I> round) throws Exception {
    List<String> order = new ArrayList<>(services.keySet());
    for (int r = 0; r < rounds; r++) {
      for (String name : order) {
        loads.get(name).add(round.run(services.get(name), r));
      }
      order.add(order.remove(0)); // nobody always follows the same neighbour
    }
    return this;
  }

  double median(String name, ToDoubleFunction<Load> value) {
    return Race.median(loads.get(name).stream().mapToDouble(value).toArray());
  }

  long failed(String name) {
    return loads.get(name).stream().mapToLong(Load::failed).sum();
  }

  /** All rounds of a service in one. */
  AbstractHistogram latency(String name) {
    Histogram all = new Histogram(3);
    loads.get(name).forEach(load -> all.add(load.latency()));
    return all;
  }
}

package io.vivace.evaluate.latency;

import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** Times the calls of one predictor. */
final class Stopwatch<X> {
  private final Predictor<X, ?> predictor;
  private final List<X> inputs;
  private final LongSupplier clock;
  private final AllocatedMemory memory = new AllocatedMemory();

  private double[] nanos = new double[16];
  private int answered;
  private int failed;
  private double allocated;
  private double[] rates = new double[16];
  private int rounds;

  Stopwatch(Predictor<X, ?> predictor, List<X> inputs, LongSupplier clock) {
    this.predictor = predictor;
    this.inputs = inputs;
    this.clock = clock;
  }

  void warmUp(int call) {
    try {
      predictor.predict(inputs.get(call % inputs.size()));
    } catch (InferenceException e) {
      // Counted when it fails again while measured.
      return;
    }
  }

  void measure(int call) {
    X input = inputs.get(call % inputs.size());
    double memoryBefore = memory.bytes();
    long start = clock.getAsLong();
    try {
      predictor.predict(input);
    } catch (InferenceException e) {
      failed++;
      return;
    }
    long end = clock.getAsLong();
    allocated += memory.bytes() - memoryBefore;
    nanos = with(nanos, answered++, (double) (end - start));
  }

  /** A round in which an item fails is no measure of anything. */
  void measureAll() {
    long start = clock.getAsLong();
    List<? extends Outcome<?>> outcomes = predictor.predictEach(inputs);
    long end = clock.getAsLong();
    if (outcomes.stream().allMatch(Outcome::isAnswered)) {
      rates = with(rates, rounds++, inputs.size() * 1e9 / Math.max(1, end - start));
    }
  }

  private static double[] with(double[] values, int index, double value) {
    double[] enough = index < values.length ? values : Arrays.copyOf(values, 2 * index);
    enough[index] = value;
    return enough;
  }

  LatencyProfile profile(String name, double size, double level) {
    return new LatencyProfile(
        name,
        new Durations(Arrays.copyOf(nanos, answered)),
        failed,
        new Durations(Arrays.copyOf(rates, rounds)),
        answered == 0 ? Double.NaN : allocated / answered,
        size,
        level);
  }
}

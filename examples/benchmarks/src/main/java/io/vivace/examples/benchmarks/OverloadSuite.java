package io.vivace.examples.benchmarks;

import io.vivace.core.CallOptions;
import io.vivace.core.Predictor;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.observe.ShedReason;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Half as much again as can be served, with a deadline: what is still answered in time. */
final class OverloadSuite implements Suite {
  private static final Duration DEADLINE = Duration.ofMillis(20);
  private static final long PEAK = Scale.nanos(Duration.ofSeconds(5), Duration.ofMillis(500));
  private static final long NANOS = Scale.nanos(Duration.ofSeconds(60), Duration.ofSeconds(3));
  private static final int MAX_PENDING = 10_000; // the default
  private static final double OVERLOAD = 1.5;

  @Override
  public String name() {
    return "overload";
  }

  @Override
  public String description() {
    return "150 % of the capacity with a deadline of 20 ms: goodput, late answers, memory";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    new Sections()
        .add("digits-mlp", () -> overload(Workload.digits(), figures))
        .add("fashion-cnn", () -> overload(Workload.fashion(), figures))
        .add("minilm-8", () -> overload(Workload.minilm(8), figures))
        .run();
  }

  private <I> void overload(Workload<I> workload, Consumer<Figure> figures) throws Exception {
    Outcome outcome = new Outcome();
    try (Predictor<I, float[]> predictor =
        workload.builder().get().executor(Runnable::run).listener(outcome).build()) {
      Service<I> service = new VivaceService<>(predictor);
      ClosedLoop.asynchronous(service, workload.items(), 1, 256, PEAK);
      double peak = ClosedLoop.asynchronous(service, workload.items(), 1, 256, PEAK).perSecond();
      long heap = heapAfterCollection();
      outcome.pending.reset();
      send(new VivaceService<>(predictor, CallOptions.within(DEADLINE)), workload, peak, outcome);
      report(workload.name(), peak, outcome, heap, figures);
    }
  }

  /** What became of the requests. */
  private static final class Outcome implements InferenceListener {
    final LongAdder inTime = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAccumulator latest = new LongAccumulator(Math::max, 0);
    final LongAccumulator pending = new LongAccumulator(Math::max, 0);
    final Semaphore done = new Semaphore(0);
    final Map<ShedReason, LongAdder> shed = new ConcurrentHashMap<>();
    int sent;

    @Override
    public void queued(ModelVersion model, int now) {
      pending.accumulate(now);
    }

    @Override
    public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
      shed.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }
  }

  private static <I> void send(
      Service<I> service, Workload<I> workload, double peak, Outcome outcome)
      throws InterruptedException {
    OpenLoop.schedule(
        peak * OVERLOAD,
        NANOS,
        1,
        System.nanoTime(),
        intended -> {
          int number = outcome.sent++;
          long sent = System.nanoTime();
          service.submit(
              workload.items().get(number % workload.items().size()),
              (answer, error) -> {
                long took = System.nanoTime() - sent;
                if (error != null) {
                  outcome.refused.increment();
                } else if (took > DEADLINE.toNanos()) {
                  outcome.late.increment();
                  outcome.latest.accumulate(took);
                } else {
                  outcome.inTime.increment();
                }
                outcome.done.release();
              });
        });
    outcome.done.acquire(outcome.sent);
  }

  private void report(
      String workload, double peak, Outcome outcome, long heap, Consumer<Figure> figures) {
    double goodput = outcome.inTime.sum() / (NANOS / 1e9);
    double sent = outcome.sent / (NANOS / 1e9);
    System.err.printf(
        "overload %s: sent %.0f/s (%.0f %% of the peak), %d refused (shed: %s), %d late, the"
            + " latest %.3f ms%n",
        workload,
        sent,
        100 * sent / peak,
        outcome.refused.sum(),
        outcome.shed,
        outcome.late.sum(),
        outcome.latest.get() / 1e6);
    figures.accept(
        Figure.higher(name(), workload + "-goodput", goodput, peak, "1/s", "peak-same-run"));
    figures.accept(bound(workload + "-late-answers", (double) outcome.late.sum(), 0, "requests"));
    figures.accept(
        bound(workload + "-most-pending", (double) outcome.pending.get(), MAX_PENDING, "requests"));
    double grown = (heapAfterCollection() - heap) / 1048576.0;
    figures.accept(bound(workload + "-heap-growth", Math.max(0, grown), 8, "MB"));
  }

  private Figure bound(String figure, double ours, double bar, String unit) {
    return new Figure(
        name(),
        figure,
        ours,
        bar,
        unit,
        ours <= bar ? Math.max(1, bar / Math.max(ours, 1)) : bar / ours,
        "bar");
  }

  static long heapAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

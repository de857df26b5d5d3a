package io.vivace.examples.benchmarks;

import io.vivace.examples.benchmarks.FixedWindow.Setting;
import java.time.Duration;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** The tail of the latency at parts of the capacity, open loop, beside the best fixed window. */
final class TailByLoad<I> {
  private static final int[] PERCENT = {1, 25, 50, 75, 90, 95};
  private static final int ROUNDS = Scale.count(5, 1);
  private static final long SCREEN = Scale.nanos(Duration.ofSeconds(1), Duration.ofMillis(200));
  private static final long PEAK = Scale.nanos(Duration.ofSeconds(3), Duration.ofMillis(500));

  /** Requests in a round, so that its p99 means something. */
  private static final int REQUESTS = Scale.count(4_000, 400);

  private final Workload<I> workload;
  private final Consumer<Figure> figures;

  TailByLoad(Workload<I> workload, Consumer<Figure> figures) {
    this.workload = workload;
    this.figures = figures;
  }

  void run() throws Exception {
    try (RawSession<I> session = workload.raw();
        Service<I> off = new BatchingOff<>(session);
        Service<I> ours = workload.ours()) {
      double capacity = capacity(session, ours);
      for (int percent : PERCENT) {
        tail(session, ours, percent, capacity * percent / 100);
      }
      addedLatency(ours, off, capacity / 100);
    }
  }

  /** What both can do, so that neither is beyond its capacity. */
  private double capacity(RawSession<I> session, Service<I> ours) throws Exception {
    Setting best = Grid.best(session, window -> peak(window, SCREEN));
    try (Service<I> window = new FixedWindow<>(session, best).start()) {
      peak(ours, SCREEN);
      return Math.min(peak(window, PEAK), peak(ours, PEAK));
    }
  }

  private double peak(Service<I> service, long nanos) throws InterruptedException {
    return ClosedLoop.asynchronous(service, workload.items(), 1, 256, nanos).perSecond();
  }

  private static long nanos(double perSecond) {
    double seconds = Math.max(Scale.SHORT ? 0.2 : 2, REQUESTS / perSecond);
    return (long) (Math.min(60, seconds) * 1e9);
  }

  private void tail(RawSession<I> session, Service<I> ours, int percent, double perSecond)
      throws Exception {
    Setting best =
        Grid.best(
            session,
            window ->
                -OpenLoop.run(
                        window,
                        workload.items(),
                        perSecond,
                        Math.max(SCREEN, nanos(perSecond) / 8),
                        7)
                    .micros(99));
    try (Service<I> window = new FixedWindow<>(session, best).start()) {
      Contest<I> contest =
          new Contest<I>()
              .add("ours", ours)
              .add("window", window)
              .run(
                  ROUNDS,
                  (service, round) ->
                      OpenLoop.run(service, workload.items(), perSecond, nanos(perSecond), round));
      String figure = workload.name() + "-p99-at-" + percent + "-percent";
      figures.accept(
          Figure.lower(
              "serve",
              figure,
              contest.median("ours", load -> load.micros(99)),
              contest.median("window", load -> load.micros(99)),
              "us",
              "fixed-window-" + best));
      if (contest.failed("ours") > 0) {
        System.err.println(figure + ": " + contest.failed("ours") + " requests failed");
      }
      new PercentilePlot(
              String.format("%s: latency at %d %% load, open loop", workload.name(), percent))
          .add("ours", contest.latency("ours"))
          .add("fixed window " + best, contest.latency("window"))
          .write("serve-" + figure);
    }
  }

  /** Blocking calls, one now and then, beside the same call without anything around it. */
  private void addedLatency(Service<I> ours, Service<I> direct, double perSecond) throws Exception {
    Histogram[] latency = {new Histogram(3), new Histogram(3)};
    for (int round = 0; round < 2 * ROUNDS; round++) {
      for (int who = 0; who < 2; who++) {
        lone(who == 0 ? ours : direct, perSecond, round, latency[who]);
      }
    }
    double added =
        (latency[0].getValueAtPercentile(50) - latency[1].getValueAtPercentile(50)) / 1e3;
    figures.accept(
        new Figure(
            "serve",
            workload.name() + "-added-p50-at-1-percent",
            added,
            50,
            "us",
            50 / Math.max(0.001, added),
            "bar"));
  }

  private void lone(Service<I> service, double perSecond, int seed, Histogram latency) {
    int[] next = new int[1];
    OpenLoop.schedule(
        perSecond,
        nanos(perSecond) / 4,
        seed,
        System.nanoTime(),
        intended -> {
          long sent = System.nanoTime();
          try {
            Race.sink = service.call(workload.items().get(next[0]++ % workload.items().size()));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          latency.recordValue(System.nanoTime() - sent);
        });
  }
}

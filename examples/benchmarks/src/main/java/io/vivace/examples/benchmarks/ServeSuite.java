package io.vivace.examples.benchmarks;

import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import io.vivace.examples.benchmarks.FixedWindow.Setting;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Many callers: throughput, CPU time and the tail of the latency, with nothing tuned. */
final class ServeSuite implements Suite {
  private static final int[] CALLERS = {1, 4, 16, 64};
  private static final long ROUND = Scale.nanos(Duration.ofSeconds(2), Duration.ofMillis(300));
  private static final long SCREEN = Scale.nanos(Duration.ofMillis(400), Duration.ofMillis(100));
  private static final int ROUNDS = Scale.count(5, 2);

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String description() {
    return "1 to 64 callers, asynchronous rows, latency by load, cost of listeners";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    new Sections()
        .add("callers-digits-mlp", () -> callers(Workload.digits(), figures))
        .add("callers-fashion-cnn", () -> callers(Workload.fashion(), figures))
        .add("callers-minilm-8", () -> callers(Workload.minilm(8), figures))
        .add("callers-minilm-64", () -> callers(Workload.minilm(64), figures))
        .add("djl-digits-mlp", () -> djl(Workload.digits(), new Shape(64), figures))
        .add("djl-fashion-cnn", () -> djl(Workload.fashion(), new Shape(1, 28, 28), figures))
        .add("asynchronous", () -> asynchronous(figures))
        .add("tail-digits-mlp", () -> new TailByLoad<>(Workload.digits(), figures).run())
        .add("tail-fashion-cnn", () -> new TailByLoad<>(Workload.fashion(), figures).run())
        .add("listener", () -> ListenerCost.measure(figures))
        .run();
  }

  private <I> void callers(Workload<I> workload, Consumer<Figure> figures) throws Exception {
    try (RawSession<I> session = workload.raw();
        Service<I> ours = workload.ours();
        Service<I> off = new BatchingOff<>(session)) {
      RawRate.selfCheck(workload, session, figures);
      for (int callers : CALLERS) {
        Setting best =
            Grid.best(
                session,
                window ->
                    ClosedLoop.blocking(window, workload.items(), callers, SCREEN).perSecond());
        try (Service<I> window = new FixedWindow<>(session, best).start()) {
          Contest<I> contest =
              new Contest<I>().add("ours", ours).add("off", off).add("window", window);
          contest.run(1, (service, round) -> load(service, workload.items(), callers, SCREEN));
          contest = new Contest<I>().add("ours", ours).add("off", off).add("window", window);
          contest.run(ROUNDS, (service, round) -> load(service, workload.items(), callers, ROUND));
          report(workload.name() + "-" + callers + "-callers", contest, best, callers, figures);
        }
      }
    }
  }

  private static <I> Load load(Service<I> service, List<I> items, int callers, long nanos)
      throws InterruptedException {
    return ClosedLoop.blocking(service, items, callers, nanos);
  }

  private <I> void report(
      String figure, Contest<I> contest, Setting best, int callers, Consumer<Figure> figures)
      throws Exception {
    double off = contest.median("off", Load::perSecond);
    double window = contest.median("window", Load::perSecond);
    String better = off > window ? "off" : "window";
    String peer = off > window ? "batching-off" : "fixed-window-" + best;
    figures.accept(
        Figure.higher(
            name(),
            figure + "-throughput",
            contest.median("ours", Load::perSecond),
            Math.max(off, window),
            "1/s",
            peer));
    figures.accept(
        Figure.lower(
            name(),
            figure + "-cpu",
            contest.median("ours", Load::cpuMicros),
            contest.median(better, Load::cpuMicros),
            "us/request",
            peer));
    if (callers == 64) {
      figures.accept(
          Figure.lower(
              name(),
              figure + "-p99.9",
              contest.median("ours", load -> load.micros(99.9)),
              contest.median(better, load -> load.micros(99.9)),
              "us",
              peer));
      new PercentilePlot(figure + ": latency of " + callers + " blocking callers")
          .add("ours", contest.latency("ours"))
          .add("batching off", contest.latency("off"))
          .add("fixed window " + best, contest.latency("window"))
          .write("serve-" + figure);
    }
  }

  private void djl(Workload<float[]> workload, Shape row, Consumer<Figure> figures)
      throws Exception {
    try (Service<float[]> ours = workload.ours();
        Service<float[]> stack = new DjlPool(workload.file(), row, Batchifier.STACK);
        Service<float[]> none = new DjlPool(workload.file(), row, null)) {
      Contest<float[]> contest =
          new Contest<float[]>().add("ours", ours).add("stack", stack).add("none", none);
      contest.run(ROUNDS + 1, (service, round) -> load(service, workload.items(), 64, ROUND));
      for (String peer : List.of("stack", "none")) {
        figures.accept(
            Figure.lower(
                name(),
                workload.name() + "-64-callers-cpu",
                contest.median("ours", Load::cpuMicros),
                contest.median(peer, Load::cpuMicros),
                "us/request",
                "djl-pool-" + peer));
      }
    }
  }

  private void asynchronous(Consumer<Figure> figures) throws Exception {
    Workload<float[]> workload = Workload.digits();
    int inFlight = 10_000;
    try (Service<float[]> ours =
            new VivaceService<>(
                workload.builder().get().executor(Runnable::run).maxPending(inFlight).build());
        Service<float[]> djl = new DjlPool(workload.file(), new Shape(64), null)) {
      Contest<float[]> contest = new Contest<float[]>().add("ours", ours).add("djl", djl);
      contest.run(
          ROUNDS + 1,
          (service, round) ->
              ClosedLoop.asynchronous(service, workload.items(), 2, inFlight, ROUND));
      if (contest.failed("ours") > 0) {
        throw new IllegalStateException(contest.failed("ours") + " asynchronous rows failed");
      }
      figures.accept(
          Figure.higher(
              name(),
              "digits-mlp-10000-in-flight",
              contest.median("ours", Load::perSecond),
              contest.median("djl", Load::perSecond),
              "1/s",
              "djl-pool-none"));
    }
  }
}

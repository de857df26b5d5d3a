package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.internal.Interleavings;
import io.vivace.core.internal.Interleavings.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every order of the single steps in which requests are queued, and in which one ends. */
@Timeout(120)
class QueueInterleavingTest {
  private static final class StepwiseIngress extends Ingress<String, String> {
    @Override
    @Nullable Request<String, String> newest() {
      Interleavings.point();
      return super.newest();
    }

    @Override
    boolean put(@Nullable Request<String, String> before, Request<String, String> request) {
      Interleavings.point();
      return super.put(before, request);
    }

    @Override
    @Nullable Request<String, String> takeAll() {
      Interleavings.point();
      Request<String, String> taken = super.takeAll();
      Interleavings.point();
      return taken;
    }
  }

  private static final class StepwiseRequest extends Request<String, String> {
    StepwiseRequest(String payload) {
      super(null, payload, 0, 0, 0, NO_DEADLINE, null, false);
    }

    @Override
    boolean move(State from, State to) {
      Interleavings.point();
      return super.move(from, to);
    }
  }

  private static List<String> takeAll(Line<String, String> line) {
    List<String> taken = new ArrayList<>();
    for (Request<String, String> at = line.first(); at != null; at = line.first()) {
      line.remove(at);
      taken.add(at.payload);
    }
    return taken;
  }

  @Test
  void pushesAndDrains_everyOrder_loseNothingAndKeepEachThreadsOrder() {
    int orders =
        Interleavings.explore(
            () -> {
              Ingress<String, String> ingress = new StepwiseIngress();
              Line<String, String> line = new Line<>();
              return new Scenario(
                  List.of(
                      () -> Stream.of("a1", "a2").map(StepwiseRequest::new).forEach(ingress::push),
                      () -> ingress.push(new StepwiseRequest("b")),
                      () -> ingress.drainTo(line)),
                  () -> {
                    ingress.drainTo(line);
                    List<String> taken = takeAll(line);
                    assertThat(taken).containsExactlyInAnyOrder("a1", "a2", "b");
                    assertThat(taken).containsSubsequence("a1", "a2");
                  });
            });
    assertThat(orders).isGreaterThan(100);
  }

  @Test
  void pushAndLookBesideADrain_everyOrder_sawThatSomebodyWaits() {
    int orders =
        Interleavings.explore(
            () -> {
              GuardedLine<String, String> waiting =
                  new GuardedLine<>(new Line<>(), new StepwiseIngress());
              AtomicBoolean seen = new AtomicBoolean();
              return new Scenario(
                  List.of(
                      () -> {
                        waiting.push(new StepwiseRequest("x"));
                        seen.set(waiting.isWaiting());
                      },
                      () -> {
                        waiting.lock();
                        waiting.unlock();
                      }),
                  () -> assertThat(seen).isTrue());
            });
    assertThat(orders).isGreaterThan(5);
  }

  @Test
  void runCancelAndShed_everyOrder_endARequestOnce() {
    int orders =
        Interleavings.explore(
            () -> {
              StepwiseRequest request = new StepwiseRequest("x");
              AtomicInteger ends = new AtomicInteger();
              return new Scenario(
                  List.of(
                      () -> run(request, ends),
                      () -> cancel(request, ends),
                      () -> {
                        if (request.shed()) {
                          ends.incrementAndGet();
                        }
                      }),
                  () -> assertThat(ends).as("ends").hasValue(1));
            });
    assertThat(orders).isGreaterThan(100);
  }

  private static void run(Request<String, String> request, AtomicInteger ends) {
    Batch<String, String> batch = new Batch<>();
    if (request.lead() && request.claim(batch, 0) && request.finish("y", null)) {
      ends.incrementAndGet();
    }
  }

  private static void cancel(Request<String, String> request, AtomicInteger ends) {
    Request.State was = request.withdraw();
    if (was == Request.State.WAITING || was == Request.State.RUNNING) {
      ends.incrementAndGet();
    }
  }
}

package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.serve.SwappablePredictor;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every order of the steps of two requests, a swap and a close. A step ends where the code calls
 * out: when a model is resolved, and when it runs. One thread goes at a time, so each order is run
 * exactly, and none is left out.
 */
@Timeout(120)
class SwapInterleavingTest {
  private static final int REQUEST_STEPS = 2; // up to the run; the rest
  private static final int SWAP_STEPS = 2; // up to the new model; the rest
  private static final int[] STEPS = {REQUEST_STEPS, REQUEST_STEPS, SWAP_STEPS, 1};

  /** A thread that stops at each call out until it is let go. */
  private static final class Actor {
    static final ThreadLocal<Actor> SELF = new ThreadLocal<>();
    private final Semaphore go = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private volatile boolean done;
    volatile String result = "";

    Actor(java.util.function.Supplier<String> work) {
      Thread thread =
          new Thread(
              () -> {
                SELF.set(this);
                go.acquireUninterruptibly();
                try {
                  result = work.get();
                } catch (PredictorClosedException e) {
                  result = "closed";
                } catch (Throwable e) {
                  result = "failed: " + e;
                }
                done = true;
                stopped.release();
              });
      thread.setDaemon(true);
      thread.start();
    }

    static void stop() {
      Actor self = SELF.get();
      if (self != null) {
        self.stopped.release();
        self.go.acquireUninterruptibly();
      }
    }

    /** Lets it go to its next stop. */
    void step() throws InterruptedException {
      if (!done) {
        go.release();
        assertThat(stopped.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static StubEngine.Model model(float number) {
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 1)),
            List.of(TensorSpec.of("y", ElementType.FLOAT32, Shape.ANY, 1)));
    return new StubEngine.Model(
        signature,
        inputs -> {
          if (inputs.get(0).toFloats()[0] != 0) {
            Actor.stop();
          }
          int rows = (int) inputs.get(0).shape().dimension(0);
          float[] answers = new float[rows];
          java.util.Arrays.fill(answers, number);
          return List.of(Tensor.of(answers, rows, 1));
        });
  }

  @Test
  void requestsSwapAndClose_everyOrder_keepsThePromises() throws Exception {
    List<int[]> orders = new ArrayList<>();
    collect(new int[7], 0, STEPS.clone(), orders);
    assertThat(orders).hasSize(630); // 7! / (2! 2! 2! 1!)
    for (int[] order : orders) {
      run(order);
    }
  }

  private static void collect(int[] order, int length, int[] left, List<int[]> orders) {
    if (length == order.length) {
      orders.add(order.clone());
      return;
    }
    for (int actor = 0; actor < left.length; actor++) {
      if (left[actor] > 0) {
        left[actor]--;
        order[length] = actor;
        collect(order, length + 1, left, orders);
        left[actor]++;
      }
    }
  }

  private static void run(int[] order) throws Exception {
    StubEngine.Model one = model(1);
    StubEngine.Model two = model(2);
    SwappablePredictor<float[], Float> predictor =
        io.vivace.core.Predictor.builder()
            .model(one.source())
            .input(VectorInput.floats(1))
            .<Float>output(row -> row.output(0).getFloat(0))
            .concurrency(2)
            .batching(io.vivace.core.Batching.off())
            .buildSwappable();
    Actor[] actors = {
      new Actor(() -> "answer " + predictor.predict(new float[] {7})),
      new Actor(() -> "answer " + predictor.predict(new float[] {7})),
      new Actor(
          () ->
              "version "
                  + predictor
                      .swap(
                          () -> {
                            Actor.stop();
                            return two.source().resolve();
                          })
                      .number()),
      new Actor(
          () -> {
            predictor.close();
            return "ok";
          })
    };
    int[] first = {-1, -1, -1, -1};
    int[] last = new int[4];
    for (int at = 0; at < order.length; at++) {
      int actor = order[at];
      actors[actor].step();
      first[actor] = first[actor] < 0 ? at : first[actor];
      last[actor] = at;
    }
    String what = java.util.Arrays.toString(order);
    boolean swapped = last[2] < first[3];
    assertThat(actors[2].result).as(what).isEqualTo(swapped ? "version 2" : "closed");
    for (int request = 0; request < 2; request++) {
      String expected;
      if (first[request] > first[3]) {
        expected = "closed";
      } else {
        expected = swapped && first[request] > last[2] ? "answer 2.0" : "answer 1.0";
      }
      assertThat(actors[request].result).as(what).isEqualTo(expected);
    }
    for (StubEngine.Model model : List.of(one, two)) {
      assertThat(model.closed.get()).as(what).isEqualTo(model.opened.get());
      assertThat(model.openContexts).as(what).hasValue(0);
      assertThat(model.artifactsClosed.get()).as(what).isEqualTo(model.opened.get());
      assertThat(model.misuse).as(what).isEmpty();
    }
  }
}

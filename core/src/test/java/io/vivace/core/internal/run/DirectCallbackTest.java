package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.Predictor;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callbacks that run on the worker's own thread and keep it. */
@Timeout(120)
class DirectCallbackTest {
  private static final int ROUNDS = 200;

  private volatile @Nullable Predictor<float[], Float> predictor;

  /** What is asked while a row of 1 runs. */
  private volatile @Nullable CompletableFuture<Float> meanwhile;

  private List<Tensor> run(List<Tensor> inputs) {
    float[] values = inputs.get(0).toFloats();
    Predictor<float[], Float> known = predictor;
    if (values[0] == 1 && known != null) {
      meanwhile = known.predictAsync(new float[] {2});
    }
    return List.of(Tensor.of(values, values.length, 1));
  }

  @Test
  void predictAsync_callbackWaitsForWhatCameDuringItsRun_isAnswered() throws Exception {
    StubEngine.Model model =
        new StubEngine.Model(
            new Signature(
                List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 1)),
                List.of(TensorSpec.of("y", ElementType.FLOAT32, Shape.ANY, 1))),
            this::run);
    try (Predictor<float[], Float> made =
        Predictor.builder()
            .model(model.source())
            .input(new PredictorTest.Rows(1))
            .output(row -> row.output(0).getFloat(0))
            .executor(Runnable::run)
            .concurrency(2)
            .build()) {
      predictor = made;
      for (int round = 0; round < ROUNDS; round++) {
        burst(made);
        float answer =
            made.predictAsync(new float[] {1}).thenApply(one -> other()).get(20, TimeUnit.SECONDS);
        assertThat(answer).isEqualTo(2);
      }
    }
  }

  /** So many rows at once that both workers are called, and one stands by afterwards. */
  private static void burst(Predictor<float[], Float> predictor) {
    List<CompletableFuture<Float>> rows = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      rows.add(predictor.predictAsync(new float[] {3}));
    }
    rows.forEach(CompletableFuture::join);
  }

  private float other() {
    try {
      CompletableFuture<Float> future = meanwhile;
      return future == null ? Float.NaN : future.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the row that came meanwhile was not answered", e);
    }
  }
}

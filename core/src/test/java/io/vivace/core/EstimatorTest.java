package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.data.Dataset;
import io.vivace.core.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An estimator of a few lines, as a user writes one. */
class EstimatorTest {
  /** Predicts the mean of the labels; learns in as many steps as there are examples. */
  private static final Estimator<Double, Double, Double> MEAN =
      (training, context) -> {
        if (training.isEmpty()) {
          throw new IllegalArgumentException("the mean needs at least one example");
        }
        double sum = 0;
        for (int i = 0; i < training.size(); i++) {
          context.stopSignal().throwIfRequested();
          sum += training.get(i).label();
          context
              .progress()
              .report(new Progress.Step("example", i + 1, training.size(), Map.of("sum", sum)));
        }
        return new Constant(sum / training.size());
      };

  private final Dataset<Double, Double> data =
      Dataset.of(List.of(0.0, 0.0, 0.0), List.of(1.0, 2.0, 6.0));

  @Test
  void fit_lambda_givesAPredictor() {
    try (Predictor<Double, Double> fitted = MEAN.fit(data)) {
      assertThat(fitted.predict(0.0)).isEqualTo(3);
    }
  }

  @Test
  void fit_listener_hearsEachStep() {
    List<String> steps = new ArrayList<>();
    FitContext<Double, Double> context =
        FitContext.<Double, Double>defaults().progress(step -> steps.add(step.toString()));
    MEAN.fit(data, context).close();
    assertThat(steps)
        .containsExactly("example 1/3: sum=1.0", "example 2/3: sum=3.0", "example 3/3: sum=9.0");
  }

  @Test
  void fit_stoppedByItsListener_endsAtTheNextStep() {
    AtomicInteger done = new AtomicInteger();
    FitContext<Double, Double> context =
        FitContext.<Double, Double>defaults()
            .progress(step -> done.incrementAndGet())
            .stopSignal(() -> done.get() == 2);
    assertThatThrownBy(() -> MEAN.fit(data, context)).isInstanceOf(CancellationException.class);
    assertThat(done).hasValue(2);
  }

  private record Constant(double value) implements Predictor<Double, Double> {
    @Override
    public Double predict(Double item) {
      return value;
    }

    @Override
    public List<Outcome<Double>> predictEach(List<? extends Double> items) {
      return items.stream().map(item -> Outcome.of(value)).toList();
    }

    @Override
    public CompletableFuture<Double> predictAsync(Double item) {
      return CompletableFuture.completedFuture(value);
    }

    @Override
    public Signature signature() {
      return Signature.UNDECLARED;
    }

    @Override
    public void close() {}
  }
}

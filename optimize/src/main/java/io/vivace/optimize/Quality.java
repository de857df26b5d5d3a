package io.vivace.optimize;

import io.vivace.core.Predictor;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How good a model is, as a number: accuracy on a validation set, for example. A search calls it
 * once per trial; give the same number for the same model, or the search runs after noise.
 */
@FunctionalInterface
public interface Quality {
  /**
   * Measures a model.
   *
   * @param model the original, or a compressed file
   * @return the quality, higher is better; NaN if the model is of no use
   */
  double measure(ModelSource model);

  /**
   * Returns the quality of a predictor.
   *
   * @param open opens a model; what it gives is closed after each measurement
   * @param score gives the quality, higher is better
   * @param <I> what is predicted from
   * @param <O> what is predicted
   * @return the quality
   */
  static <I, O> Quality of(
      Function<? super ModelSource, ? extends Predictor<I, O>> open,
      ToDoubleFunction<? super Predictor<I, O>> score) {
    Objects.requireNonNull(open, "open");
    Objects.requireNonNull(score, "score");
    return model -> {
      try (Predictor<I, O> predictor = open.apply(model)) {
        return score.applyAsDouble(predictor);
      }
    };
  }

  /**
   * Returns the likeness of a model's outputs to the original's, for want of labels: the smallest
   * cosine of an output, see {@link OutputDifference#cosine()}.
   *
   * @param original the model to resemble; its quality is 1
   * @param samples inputs, each a map from the names of all inputs to tensors of full shape; read
   *     through once per measurement
   * @return the quality, in [-1, 1]; it throws {@link IllegalStateException} where no engine is on
   *     the class path
   */
  static Quality similarity(ModelSource original, Iterable<Map<String, Tensor>> samples) {
    Objects.requireNonNull(samples, "samples");
    return model -> {
      try (ModelArtifact wanted = original.resolve();
          ModelArtifact found = model.resolve()) {
        List<OutputDifference> differences =
            EngineCheck.compare(wanted, found.path(), samples, Duration.ZERO).differences();
        return differences.stream()
            .mapToDouble(each -> each.largestError() == 0 ? 1 : each.cosine())
            .min()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "no engine on the class path opens " + wanted + ", or there is no sample"));
      }
    };
  }

  /**
   * Allows a loss against the original.
   *
   * @param loss what the quality may fall by, in its own unit; at least 0
   * @return the limit
   * @throws IllegalArgumentException if the loss is negative or NaN
   */
  default QualityLimit within(double loss) {
    return QualityLimit.loss(this, loss);
  }

  /**
   * Asks for a quality, whatever the original's is.
   *
   * @param lowest the lowest quality allowed
   * @return the limit
   * @throws IllegalArgumentException if it is NaN
   */
  default QualityLimit atLeast(double lowest) {
    return QualityLimit.lowest(this, lowest);
  }
}

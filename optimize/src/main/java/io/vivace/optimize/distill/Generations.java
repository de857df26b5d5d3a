package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.Signature;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/** The networks of a line: the last one, who teaches, and the best one stay open. */
final class Generations<X, Y> implements AutoCloseable {
  private final Optional<Dataset<X, Y>> validation;
  private final ToDoubleBiFunction<List<Y>, List<float[]>> judge;
  private final List<Double> scores = new ArrayList<>();
  private @Nullable Signature signature;
  private @Nullable TrainedModel<X, float[]> last;
  private @Nullable TrainedModel<X, float[]> best;
  private double bestScore = Double.NaN;
  private int bestNumber;

  Generations(
      Optional<Dataset<X, Y>> validation, ToDoubleBiFunction<List<Y>, List<float[]>> judge) {
    this.validation = validation.filter(part -> !part.isEmpty());
    this.judge = judge;
  }

  /** Takes the next network over, and gives its score, NaN where there is nothing to judge with. */
  double add(TrainedModel<X, float[]> child, int number) {
    TrainedModel<X, float[]> parent = last;
    last = child;
    if (parent != null && parent != best) {
      parent.close();
    }
    signature = signature == null ? child.signature() : signature;
    double score =
        validation
            .map(part -> judge.applyAsDouble(part.labels(), child.predictAll(part.inputs())))
            .orElse(Double.NaN);
    scores.add(score);
    if (best == null || validation.isEmpty() || isBetter(score)) {
      TrainedModel<X, float[]> worse = best;
      best = child;
      bestScore = score;
      bestNumber = number;
      if (worse != null && worse != child) {
        worse.close();
      }
    }
    return score;
  }

  private boolean isBetter(double score) {
    return score > bestScore || (Double.isNaN(bestScore) && !Double.isNaN(score));
  }

  Optional<TrainedModel<X, float[]>> last() {
    return Optional.ofNullable(last);
  }

  /** What the first one takes and gives. */
  Signature signature() {
    if (signature == null) {
      throw new IllegalStateException("there is no generation yet");
    }
    return signature;
  }

  /** Gives the best network away. */
  SelfTaughtModel<X> takeBest() {
    TrainedModel<X, float[]> taken = best;
    if (taken == null) {
      throw new IllegalStateException("there is no generation yet");
    }
    if (last == taken) {
      last = null;
    }
    best = null;
    return new SelfTaughtModel<>(taken, bestNumber, scores);
  }

  @Override
  public void close() {
    if (last != null) {
      last.close();
    }
    if (best != null) {
      best.close();
    }
  }

  /** A loss of answers that are there. */
  static <Y> double loss(Loss<Y> loss, List<Y> truth, List<float[]> answers) {
    try (NDManager manager = TrainingEngine.newManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray scores = manager.create(answers.toArray(float[][]::new));
      return loss.of(new NDList(scores), truth).toType(DataType.FLOAT32, false).getFloat();
    }
  }
}

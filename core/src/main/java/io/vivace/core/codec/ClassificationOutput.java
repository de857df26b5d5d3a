package io.vivace.core.codec;

import io.vivace.core.model.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a ranked list of labels of one score per label. Immutable and thread-safe.
 *
 * <p>Labels are ranked by the model's own scores, so that probabilities which round to the same
 * number do not hide an order; of equal scores the lower index comes first. A score of NaN, or one
 * that is infinite where {@code softmax} has no value for it, is an {@link
 * io.vivace.core.EngineException}.
 *
 * <p>Defaults: all labels are ranked; the model's first output.
 */
public final class ClassificationOutput implements Postprocessor<Classification> {
  private final LabelScores scores;
  private final int top;

  private ClassificationOutput(LabelScores scores, int top) {
    this.scores = scores;
    this.top = top;
  }

  private static ClassificationOutput of(Scores kind, List<String> labels) {
    return new ClassificationOutput(
        new LabelScores(labels, kind, OutputChoice.FIRST), labels.size());
  }

  /**
   * Takes the output as logits of classes that exclude each other.
   *
   * <pre>{@code p[i] = exp(x[i] - max x) / sum over j of exp(x[j] - max x)}</pre>
   *
   * @param labels one per class, in the model's order; at least one
   * @return a codec with default options
   * @throws IllegalArgumentException if there is no label
   */
  public static ClassificationOutput softmax(List<String> labels) {
    return of(Scores.SOFTMAX, labels);
  }

  /**
   * Takes the output as logits of classes that stand alone: probabilities do not add up to 1.
   *
   * <pre>{@code p[i] = 1 / (1 + exp(-x[i]))}</pre>
   *
   * @param labels one per class, in the model's order; at least one
   * @return a codec with default options
   * @throws IllegalArgumentException if there is no label
   */
  public static ClassificationOutput sigmoid(List<String> labels) {
    return of(Scores.SIGMOID, labels);
  }

  /**
   * Takes the output as probabilities already. A value more than 0.001 outside 0 to 1 is an {@link
   * io.vivace.core.EngineException}, since it is a logit more likely; one closer is clipped.
   *
   * @param labels one per class, in the model's order; at least one
   * @return a codec with default options
   * @throws IllegalArgumentException if there is no label
   */
  public static ClassificationOutput probabilities(List<String> labels) {
    return of(Scores.PROBABILITIES, labels);
  }

  /**
   * Sets how many labels an answer has.
   *
   * <p>Default: all.
   *
   * @param labels at least 1; more than there are gives all
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public ClassificationOutput top(int labels) {
    if (labels < 1) {
      throw new IllegalArgumentException("top must be at least 1, but was " + labels);
    }
    return new ClassificationOutput(scores, Math.min(labels, scores.labels().size()));
  }

  /**
   * Returns this codec for the output of a name.
   *
   * @param output the output's name
   * @return a changed copy
   */
  public ClassificationOutput named(String output) {
    return new ClassificationOutput(scores.of(OutputChoice.named(output)), top);
  }

  @Override
  public Classification decode(ModelRow row) {
    double[] raw = scores.read(row);
    double[] probabilities = scores.scores().probabilities(raw);
    List<Prediction> ranked = new ArrayList<>(top);
    for (int index : highest(raw, top)) {
      ranked.add(new Prediction(scores.labels().get(index), index, probabilities[index]));
    }
    return new Classification(ranked);
  }

  /** Finds the greatest scores by insertion into a short sorted array. */
  private static int[] highest(double[] scores, int count) {
    int[] best = new int[count];
    for (int i = 0; i < scores.length; i++) {
      int place = Math.min(i, count);
      while (place > 0 && scores[i] > scores[best[place - 1]]) {
        place--;
      }
      if (place < count) {
        System.arraycopy(best, place, best, place + 1, Math.min(i, count - 1) - place);
        best[place] = i;
      }
    }
    return best;
  }

  @Override
  public void check(Signature signature) {
    scores.check(signature);
  }

  @Override
  public String toString() {
    return scores.describe("ClassificationOutput", "top=" + top);
  }
}

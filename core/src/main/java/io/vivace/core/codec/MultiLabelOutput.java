package io.vivace.core.codec;

import io.vivace.core.model.Signature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Picks the labels whose probability reaches a threshold: none, some or all. Immutable and
 * thread-safe.
 *
 * <p>Answers are ranked, the most probable first; of equal ones the lower index first. A NaN is an
 * {@link io.vivace.core.EngineException}.
 *
 * <p>Defaults: threshold 0.5; the model's first output.
 */
public final class MultiLabelOutput implements Postprocessor<List<Prediction>> {
  private static final Comparator<Prediction> MOST_PROBABLE_FIRST =
      Comparator.comparingDouble(Prediction::probability).reversed();

  private final LabelScores scores;
  private final double threshold;

  private MultiLabelOutput(LabelScores scores, double threshold) {
    this.scores = scores;
    this.threshold = threshold;
  }

  /**
   * Takes the output as logits.
   *
   * <pre>{@code p[i] = 1 / (1 + exp(-x[i]))}</pre>
   *
   * @param labels one per class, in the model's order; at least one
   * @return a codec with default options
   * @throws IllegalArgumentException if there is no label
   */
  public static MultiLabelOutput sigmoid(List<String> labels) {
    return new MultiLabelOutput(new LabelScores(labels, Scores.SIGMOID, OutputChoice.FIRST), 0.5);
  }

  /**
   * Takes the output as probabilities already. A value more than 0.001 outside 0 to 1 is an {@link
   * io.vivace.core.EngineException}; one closer is clipped.
   *
   * @param labels one per class, in the model's order; at least one
   * @return a codec with default options
   * @throws IllegalArgumentException if there is no label
   */
  public static MultiLabelOutput probabilities(List<String> labels) {
    return new MultiLabelOutput(
        new LabelScores(labels, Scores.PROBABILITIES, OutputChoice.FIRST), 0.5);
  }

  /**
   * Sets how probable a label must be to be part of the answer.
   *
   * <p>Default: 0.5.
   *
   * @param probability from 0 to 1; a label that just reaches it is part of the answer
   * @return a changed copy
   * @throws IllegalArgumentException if the probability is out of range
   */
  public MultiLabelOutput threshold(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("threshold must be from 0 to 1, but was " + probability);
    }
    return new MultiLabelOutput(scores, probability);
  }

  /**
   * Returns this codec for the output of a name.
   *
   * @param output the output's name
   * @return a changed copy
   */
  public MultiLabelOutput named(String output) {
    return new MultiLabelOutput(scores.of(OutputChoice.named(output)), threshold);
  }

  @Override
  public List<Prediction> decode(ModelRow row) {
    double[] probabilities = scores.scores().probabilities(scores.read(row));
    List<Prediction> picked = new ArrayList<>();
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] >= threshold) {
        picked.add(new Prediction(scores.labels().get(i), i, probabilities[i]));
      }
    }
    picked.sort(MOST_PROBABLE_FIRST);
    return List.copyOf(picked);
  }

  @Override
  public void check(Signature signature) {
    scores.check(signature);
  }

  @Override
  public String toString() {
    return scores.describe("MultiLabelOutput", "threshold=" + threshold);
  }
}

package io.vivace.core.codec;

import io.vivace.core.EngineException;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.List;

/**
 * Reads one score per label from an output.
 *
 * @param labels the labels, in the order of the output's last axis
 * @param scores how scores become probabilities
 * @param output which output
 */
record LabelScores(List<String> labels, Scores scores, OutputChoice output) {
  LabelScores {
    labels = List.copyOf(labels);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one label");
    }
  }

  LabelScores of(OutputChoice other) {
    return new LabelScores(labels, scores, other);
  }

  /** Reads the scores of a row as they are, after checking them. */
  double[] read(ModelRow row) {
    RowReader out = output.of(row);
    if (out.size() != labels.size()) {
      throw new EngineException(unfit("found a row of shape " + out.shape()));
    }
    double[] values = out.toDoubles();
    scores.check(values, labels, output);
    return values;
  }

  void check(Signature signature) {
    TensorSpec spec = output.in(signature);
    if (spec == null) {
      return;
    }
    output.requireNumeric(spec, false);
    Shape shape = spec.shape();
    long last = shape.rank() == 0 ? 1 : shape.dimension(shape.rank() - 1);
    if (last != Shape.ANY && last != labels.size()) {
      throw new IllegalArgumentException(unfit("the model gives " + spec));
    }
  }

  private String unfit(String found) {
    return String.format(
        "output %s must hold %d scores, one per label, but %s", output, labels.size(), found);
  }

  String describe(String codec, String options) {
    return String.format(
        "%s.%s[output=%s, labels=%s, %s]", codec, scores.factory, output, labels, options);
  }
}

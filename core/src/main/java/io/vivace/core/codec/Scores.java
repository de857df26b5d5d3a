package io.vivace.core.codec;

import io.vivace.core.EngineException;
import java.util.List;

/** How the numbers of an output become probabilities, one per label. */
enum Scores {
  SOFTMAX("softmax") {
    @Override
    double[] probabilities(double[] scores) {
      double max = Double.NEGATIVE_INFINITY;
      for (double score : scores) {
        max = Math.max(max, score);
      }
      double[] result = new double[scores.length];
      double sum = 0;
      for (int i = 0; i < scores.length; i++) {
        result[i] = Math.exp(scores[i] - max);
        sum += result[i];
      }
      for (int i = 0; i < scores.length; i++) {
        result[i] /= sum;
      }
      return result;
    }
  },
  SIGMOID("sigmoid") {
    @Override
    double[] probabilities(double[] scores) {
      double[] result = new double[scores.length];
      for (int i = 0; i < scores.length; i++) {
        result[i] = 1 / (1 + Math.exp(-scores[i]));
      }
      return result;
    }
  },
  PROBABILITIES("probabilities") {
    @Override
    double[] probabilities(double[] scores) {
      double[] result = new double[scores.length];
      for (int i = 0; i < scores.length; i++) {
        result[i] = Math.min(1, Math.max(0, scores[i]));
      }
      return result;
    }
  };

  /** How far engines may round a probability beyond 0 or 1. */
  private static final double SLACK = 1e-3;

  final String factory;

  Scores(String factory) {
    this.factory = factory;
  }

  /** Maps scores that were checked. */
  abstract double[] probabilities(double[] scores);

  /** Refuses numbers that are no score. */
  void check(double[] scores, List<String> labels, OutputChoice output) {
    boolean any = false;
    for (int i = 0; i < scores.length; i++) {
      if (!isScore(scores[i])) {
        throw new EngineException(
            String.format(
                "output %s gives %s for label \"%s\", which is no score for %s",
                output, scores[i], labels.get(i), factory));
      }
      any |= scores[i] != Double.NEGATIVE_INFINITY;
    }
    if (this == SOFTMAX && !any) {
      throw new EngineException("output " + output + " gives -Infinity for every label");
    }
  }

  private boolean isScore(double score) {
    return switch (this) {
      case SOFTMAX -> score < Double.POSITIVE_INFINITY;
      case SIGMOID -> !Double.isNaN(score);
      case PROBABILITIES -> score >= -SLACK && score <= 1 + SLACK;
    };
  }
}

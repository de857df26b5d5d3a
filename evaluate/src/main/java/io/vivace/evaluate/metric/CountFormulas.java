package io.vivace.evaluate.metric;

/** Figures of all classes at once. */
final class CountFormulas {
  private CountFormulas() {}

  /** The mean recall of the classes that are true somewhere. */
  static double balancedAccuracy(LabelCounts counts) {
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < counts.classes(); k++) {
      double actual = counts.actual.value(k);
      if (actual > 0) {
        sum += counts.hits.value(k) / actual;
        classes++;
      }
    }
    return sum / classes;
  }

  /** Chance gives 0, all right gives 1; NaN with a single true class. */
  static double adjustedBalancedAccuracy(LabelCounts counts) {
    int classes = 0;
    for (int k = 0; k < counts.classes(); k++) {
      classes += counts.actual.value(k) > 0 ? 1 : 0;
    }
    if (classes < 2) {
      return Double.NaN;
    }
    double chance = 1.0 / classes;
    return (balancedAccuracy(counts) - chance) / (1 - chance);
  }

  /** With exact sums, since the numerator is a small difference of large products. */
  static double matthews(LabelCounts counts) {
    if (counts.isEmpty()) {
      return Double.NaN;
    }
    double total = sum(counts.actual);
    double right = sum(counts.hits);
    ExactSum covariance = new ExactSum();
    ExactSum ofTruth = new ExactSum();
    ExactSum ofPrediction = new ExactSum();
    covariance.addProduct(right, total);
    ofTruth.addProduct(total, total);
    ofPrediction.addProduct(total, total);
    for (int k = 0; k < counts.classes(); k++) {
      double actual = counts.actual.value(k);
      double predicted = counts.predicted.value(k);
      covariance.addProduct(-actual, predicted);
      ofTruth.addProduct(-actual, actual);
      ofPrediction.addProduct(-predicted, predicted);
    }
    double spread = ofTruth.value() * ofPrediction.value();
    return spread > 0 ? covariance.value() / Math.sqrt(spread) : 0;
  }

  private static double sum(Tally tally) {
    ExactSum sum = new ExactSum();
    for (double value : tally.values()) {
      sum.add(value);
    }
    return sum.value();
  }
}

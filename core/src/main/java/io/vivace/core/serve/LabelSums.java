package io.vivace.core.serve;

import io.vivace.core.EngineException;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.Prediction;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One number per label, which is added to and ranked at the end. */
final class LabelSums {
  /** By the index, with probabilities that are sums. */
  private final Map<Integer, Prediction> sums = new TreeMap<>();

  void add(Prediction prediction, double amount) {
    Prediction before = sums.get(prediction.index());
    if (before != null && !before.label().equals(prediction.label())) {
      throw new EngineException(
          String.format(
              "class %d is \"%s\" to one predictor and \"%s\" to another; give all the same labels",
              prediction.index(), before.label(), prediction.label()));
    }
    double sum = (before == null ? 0 : before.probability()) + amount;
    sums.put(prediction.index(), new Prediction(prediction.label(), prediction.index(), sum));
  }

  int size() {
    return sums.size();
  }

  /** The greatest first; of equal ones the lower index. NaN comes first, to be seen. */
  Classification ranked(double divisor) {
    List<Prediction> predictions =
        sums.values().stream()
            .map(p -> new Prediction(p.label(), p.index(), p.probability() / divisor))
            .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
            .toList(); // the sort is stable and the map in order of the index
    return new Classification(predictions);
  }
}

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
  private final Map<Integer, String> labels = new TreeMap<>();
  private final Map<Integer, Double> sums = new TreeMap<>();

  void add(Prediction prediction, double amount) {
    String before = labels.putIfAbsent(prediction.index(), prediction.label());
    if (before != null && !before.equals(prediction.label())) {
      throw new EngineException(
          String.format(
              "class %d is \"%s\" to one predictor and \"%s\" to another; give all the same labels",
              prediction.index(), before, prediction.label()));
    }
    sums.merge(prediction.index(), amount, Double::sum);
  }

  int size() {
    return labels.size();
  }

  /** The greatest first; of equal ones the lower index. NaN comes first, to be seen. */
  Classification ranked(double divisor) {
    List<Prediction> predictions =
        sums.entrySet().stream()
            .map(e -> new Prediction(labels.get(e.getKey()), e.getKey(), e.getValue() / divisor))
            .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
            .toList(); // the sort is stable and the map in order of the index
    return new Classification(predictions);
  }
}

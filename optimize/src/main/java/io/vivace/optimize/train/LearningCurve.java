package io.vivace.optimize.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What was measured in each epoch.
 *
 * @param epochs the values of each epoch by name, from the first: {@code loss} (the mean over the
 *     epoch's batches), {@code learningRate} (of its last step), and with validation data {@code
 *     validationLoss} and the metrics
 * @param bestEpoch the epoch whose weights were kept, from 1; 0 where the last one's were: without
 *     early stopping, or if the value that it watches was never a number
 */
public record LearningCurve(List<Map<String, Double>> epochs, int bestEpoch) {
  /**
   * Copies the values.
   *
   * @param epochs the values of each epoch by name, from the first
   * @param bestEpoch the epoch whose weights were kept, from 1, or 0
   */
  public LearningCurve {
    epochs =
        epochs.stream()
            .map(values -> Collections.unmodifiableMap(new LinkedHashMap<>(values)))
            .toList();
  }

  /**
   * Returns one value over all epochs.
   *
   * @param name its name
   * @return one number per epoch, NaN where there is none of that name
   */
  public double[] values(String name) {
    return epochs.stream().mapToDouble(epoch -> epoch.getOrDefault(name, Double.NaN)).toArray();
  }

  /**
   * Returns a value as it was when the kept weights were measured: in the best epoch, or in the
   * last one where no rule chose one. That is the score of a trial of a search.
   *
   * @param name its name
   * @return the value, NaN where there is none of that name
   */
  public double kept(String name) {
    int epoch = best().orElse(epochs.size());
    return epoch == 0 ? Double.NaN : epochs.get(epoch - 1).getOrDefault(name, Double.NaN);
  }

  /**
   * Returns the epoch whose weights were kept.
   *
   * @return from 1; empty if no rule chose one
   */
  public OptionalInt best() {
    return bestEpoch == 0 ? OptionalInt.empty() : OptionalInt.of(bestEpoch);
  }

  /**
   * Returns the values as a Markdown table, one row per epoch.
   *
   * @return lines that end with a line feed
   */
  public String toMarkdown() {
    if (epochs.isEmpty()) {
      return "";
    }
    List<String> names = List.copyOf(new LinkedHashMap<>(epochs.get(0)).keySet());
    StringBuilder table = new StringBuilder("| epoch |");
    names.forEach(name -> table.append(' ').append(name).append(" |"));
    table.append("\n|---|").append("---|".repeat(names.size())).append('\n');
    for (int i = 0; i < epochs.size(); i++) {
      table.append("| ").append(i + 1).append(" |");
      for (String name : names) {
        @Nullable Double value = epochs.get(i).get(name);
        table.append(value == null ? " |" : String.format(Locale.ROOT, " %.6g |", value));
      }
      table.append('\n');
    }
    return table.toString();
  }
}

package io.vivace.core.codec;

/**
 * A label and how probable the model holds it.
 *
 * @param label the label
 * @param index its position among the labels of the codec, from 0
 * @param probability from 0 to 1
 */
public record Prediction(String label, int index, double probability) {
  /** Returns label and probability, rounded to four digits. */
  @Override
  public String toString() {
    return String.format(java.util.Locale.ROOT, "%s %.4f", label, probability);
  }
}

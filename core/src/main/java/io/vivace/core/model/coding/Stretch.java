package io.vivace.core.model.coding;

/**
 * A stretch of a file, and what its bytes are.
 *
 * @param kind what they are
 * @param length how many there are, from 1
 * @param width of a row of places, from 1 to 65,536; 1 for other bytes
 */
public record Stretch(Kind kind, int length, int width) {
  static final int WIDEST = 1 << 16;

  /** What bytes are. */
  public enum Kind {
    /** Whatever: what was learnt from such stretches before helps. */
    TEXT,
    /** Whatever, unlike the rest of the file. */
    OWN,
    /** A bit for each place of a matrix, row by row, the lowest bit first. */
    MASK,
    /** The distance of each place that is taken from the one before. */
    GAPS
  }

  /**
   * Checks the ranges.
   *
   * @param kind what they are
   * @param length how many there are, from 1
   * @param width of a row of places, from 1 to 65,536; 1 for other bytes
   * @throws IllegalArgumentException if a number is out of range
   */
  public Stretch {
    if (length < 1 || width < 1 || width > WIDEST) {
      throw new IllegalArgumentException(
          "length must be from 1 and width from 1 to 65,536, but were %d and %d"
              .formatted(length, width));
    }
  }
}

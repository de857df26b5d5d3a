package io.vivace.evaluate.compare;

/** What a test looks for. */
public enum Alternative {
  /** The first differs from the second, either way. */
  TWO_SIDED,
  /** The first is greater than the second. */
  GREATER,
  /** The first is less than the second. */
  LESS
}

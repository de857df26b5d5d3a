package io.vivace.core.model.coding;

import java.util.zip.DataFormatException;

/** Writes bits, or reads them: models say the same things to both, and so stay alike. */
interface BitCoder {
  /** Probabilities are parts of 2^16. */
  int ONE = 1 << 16;

  /**
   * Codes a bit.
   *
   * @param bit what is written; a reader does not look at it
   * @param probability that the bit is 1, from 1 to 65,535, of 65,536
   * @return the bit
   * @throws DataFormatException if there is nothing left to read
   */
  int code(int bit, int probability) throws DataFormatException;
}

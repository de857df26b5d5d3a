package io.vivace.optimize.quantize;

/**
 * How blocks of weights are stored.
 *
 * @param bits 2, 4 or 8
 * @param blockSize a power of two from 16
 * @param symmetric whether blocks have no zero points of their own
 * @param fitted whether scales are searched; else they span the range
 */
record BlockFormat(int bits, int blockSize, boolean symmetric, boolean fitted) {
  BlockGrid grid() {
    return new BlockGrid(bits, symmetric, fitted);
  }
}

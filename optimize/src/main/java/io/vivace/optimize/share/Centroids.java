package io.vivace.optimize.share;

/**
 * How the first values of a codebook are chosen (Han, Mao and Dally, 2016, "Deep Compression",
 * section 3.2, and Arthur and Vassilvitskii, 2007). What follows is always Lloyd's iteration.
 */
public enum Centroids {
  /**
   * Evenly from the smallest to the largest weight. Large weights, which are few and matter most,
   * get values of their own; the best choice in the paper, and the default.
   */
  LINEAR,
  /** Evenly by count: each value starts with as many weights. Weights near zero get most values. */
  DENSITY,
  /** At random, each next one with a probability that grows with the square of its distance. */
  K_MEANS_PLUS_PLUS
}

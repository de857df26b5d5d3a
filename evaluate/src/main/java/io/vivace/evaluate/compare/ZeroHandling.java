package io.vivace.evaluate.compare;

/** What the signed-rank test does with differences of exactly 0. */
public enum ZeroHandling {
  /** Leaves them out before ranking (Wilcoxon). */
  DROP,
  /** Ranks them with the others, then leaves them out (Pratt). */
  PRATT,
  /** Ranks them with the others and gives half of their ranks to each side. */
  SPLIT
}

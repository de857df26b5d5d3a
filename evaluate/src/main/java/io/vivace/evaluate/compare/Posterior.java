package io.vivace.evaluate.compare;

/**
 * How likely the true difference, first minus second, lies below, within and above the region of
 * practical equivalence. The three add up to 1.
 *
 * @param below the second is higher, by more than matters
 * @param within the two are practically equal
 * @param above the first is higher, by more than matters
 */
public record Posterior(double below, double within, double above) {}

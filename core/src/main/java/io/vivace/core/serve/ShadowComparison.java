package io.vivace.core.serve;

import io.vivace.core.Outcome;

/**
 * Hears what a predictor and its shadow make of the same item.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
@FunctionalInterface
public interface ShadowComparison<I, O> {
  /**
   * Compares two outcomes. Runs on the shadow's threads, several at a time if there are several.
   * What it throws is logged and goes nowhere.
   *
   * @param item the item
   * @param primary what the caller got
   * @param shadow what the shadow would have given
   */
  void compare(I item, Outcome<O> primary, Outcome<O> shadow);
}

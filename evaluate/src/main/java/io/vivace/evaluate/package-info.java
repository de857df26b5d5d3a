/**
 * Decides which model is good: metrics, cross-validation, search, ensembles, comparison, selection.
 */
@NullMarked
package io.vivace.evaluate;

import org.jspecify.annotations.NullMarked;

/**
 * Decides which model is good: metrics, cross-validation, search, ensembles, comparison, selection.
 * Not there yet: this release holds the package alone.
 */
@NullMarked
package io.vivace.evaluate;

import org.jspecify.annotations.NullMarked;

/**
 * Cuts a data set into parts: training, validation and test, or the folds of a cross-validation.
 *
 * <pre>{@code
 * for (Fold fold : Splitter.stratified(5).shuffled(42).split(data)) {
 *   Dataset.Split<double[], String> parts = fold.of(data);
 * }
 * }</pre>
 *
 * <p>Splits that do not shuffle equal those of scikit-learn index for index; those that shuffle
 * have the same properties and are reproduced by their seed on every machine.
 */
@NullMarked
package io.vivace.evaluate.split;

import org.jspecify.annotations.NullMarked;

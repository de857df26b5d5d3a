/**
 * Serving: predictors around predictors. Hot swap, traffic splits, shadows, fallbacks, result
 * caches, ensembles and cascades, streams, sessions with state, and recipes.
 *
 * <p>What they have in common: each is a {@link io.vivace.core.Predictor} itself and thread-safe,
 * so they nest in any order. A predictor owns those that it was made of: closing it closes them, in
 * the order in which they were given, and closing it twice does nothing more. Options of a call are
 * handed on to the predictors that answer it.
 */
@NullMarked
package io.vivace.core.serve;

import org.jspecify.annotations.NullMarked;

/**
 * Features learnt without labels: {@link io.vivace.optimize.train.features.KMeans clusters}, {@link
 * io.vivace.optimize.train.features.PrincipalComponents principal components} and {@link
 * io.vivace.optimize.train.features.Autoencoder codes of an autoencoder}. Each is fitted to the
 * training examples alone, and stands before another estimator by {@link
 * io.vivace.core.Estimator#then}:
 *
 * <pre>{@code
 * Estimator<double[], Integer, double[]> classifier =
 *     Estimator.<Integer>preparing(FeatureScaling.standard().then(PrincipalComponents.count(16)))
 *         .then(neighbours);
 * }</pre>
 */
@NullMarked
package io.vivace.optimize.train.features;

import org.jspecify.annotations.NullMarked;

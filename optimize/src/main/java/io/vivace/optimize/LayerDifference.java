package io.vivace.optimize;

import io.vivace.core.model.Shape;

/**
 * How far the weights of a layer have moved.
 *
 * @param weight the name of the tensor
 * @param shape its shape in the original
 * @param zeros the share of weights that are 0 now, from 0 to 1
 * @param signalToNoiseDecibels {@code 10 log10(sum w^2 / sum (w - v)^2)} of the original's weights
 *     w and those that the result computes with, v; infinite if they are equal
 */
public record LayerDifference(
    String weight, Shape shape, double zeros, double signalToNoiseDecibels) {}

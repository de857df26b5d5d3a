package io.vivace.evaluate;

import io.vivace.core.InferenceException;

/**
 * An item that got no answer.
 *
 * @param row its index in the data
 * @param error why
 */
public record RowFailure(int row, InferenceException error) {}

package io.vivace.core.serve;

/**
 * What a {@link ShadowPredictor} has done so far.
 *
 * @param compared items of which both outcomes were compared
 * @param dropped items that were left out since too many were pending, or the predictor was closed
 * @param comparisonsFailed comparisons that threw an exception
 */
public record ShadowCounts(long compared, long dropped, long comparisonsFailed) {}

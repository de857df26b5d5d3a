package io.vivace.core.serve;

/**
 * What a {@link CachedPredictor} has done so far.
 *
 * @param hits items that were answered from the cache
 * @param joined items that waited for an answer that another call was already asking for
 * @param misses items that the predictor was asked for
 * @param entries answers in the cache now
 */
public record CacheCounts(long hits, long joined, long misses, long entries) {}

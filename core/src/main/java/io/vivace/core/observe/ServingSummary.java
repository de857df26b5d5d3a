package io.vivace.core.observe;

import io.vivace.core.InferenceException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the requests of one predictor or several.
 *
 * @param completed requests that got their answer
 * @param failed requests that got an error, by its code; only codes that occurred
 * @param cancelled requests that their callers gave up
 * @param shed requests that were turned away before they ran, by reason; only reasons that occurred
 * @param runs batches that the engine ran
 * @param failedRuns batches that the engine failed on
 * @param rows rows of all runs
 * @param places rows of all runs, padding included
 * @param zombieRuns runs that outlived their callers
 * @param zombiesNow how many of them have not returned yet
 * @param swaps versions that took over from another
 * @param queue how long requests with an answer waited for their turn
 * @param run how long the engine took for a batch
 * @param total how long requests with an answer took
 */
public record ServingSummary(
    long completed,
    Map<InferenceException.Code, Long> failed,
    long cancelled,
    Map<ShedReason, Long> shed,
    long runs,
    long failedRuns,
    long rows,
    long places,
    long zombieRuns,
    long zombiesNow,
    long swaps,
    LatencySummary queue,
    LatencySummary run,
    LatencySummary total) {
  /**
   * Copies the maps.
   *
   * @param completed requests that got their answer
   * @param failed requests that got an error, by its code; only codes that occurred
   * @param cancelled requests that their callers gave up
   * @param shed requests that were turned away before they ran, by reason; only reasons that
   *     occurred
   * @param runs batches that the engine ran
   * @param failedRuns batches that the engine failed on
   * @param rows rows of all runs
   * @param places rows of all runs, padding included
   * @param zombieRuns runs that outlived their callers
   * @param zombiesNow how many of them have not returned yet
   * @param swaps versions that took over from another
   * @param queue how long requests with an answer waited for their turn
   * @param run how long the engine took for a batch
   * @param total how long requests with an answer took
   */
  public ServingSummary {
    failed = Collections.unmodifiableMap(new TreeMap<>(failed));
    shed = Collections.unmodifiableMap(new TreeMap<>(shed));
  }

  /**
   * Returns how many requests have ended, whatever became of them.
   *
   * @return completed + failed + cancelled + shed
   */
  public long ended() {
    return completed + sum(failed) + cancelled + sum(shed);
  }

  /**
   * Returns how many rows a run had on average.
   *
   * @return NaN if there was no run
   */
  public double meanBatch() {
    return runs == 0 ? Double.NaN : (double) rows / runs;
  }

  /**
   * Returns the part of the engine's work that was no padding.
   *
   * @return from 0 to 1; NaN if there was no run
   */
  public double fill() {
    return places == 0 ? Double.NaN : (double) rows / places;
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}

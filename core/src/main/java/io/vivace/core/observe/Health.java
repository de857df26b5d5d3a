package io.vivace.core.observe;

import java.util.List;

/**
 * How predictors do, for the health check of a service.
 *
 * @param isLive whether the process can still recover by itself; false if a native run has not
 *     returned for so long that only a restart helps
 * @param isReady whether requests can be sent: every predictor has a model that is loaded and warm
 * @param degraded what is not as it should be although requests are answered, a sentence each;
 *     empty if all is well
 * @param models the versions that serve, with the device that really runs them
 */
public record Health(
    boolean isLive, boolean isReady, List<String> degraded, List<ModelVersion> models) {
  /**
   * Copies the lists.
   *
   * @param isLive whether the process can still recover by itself; false if a native run has not
   *     returned for so long that only a restart helps
   * @param isReady whether requests can be sent: every predictor has a model that is loaded and
   *     warm
   * @param degraded what is not as it should be although requests are answered, a sentence each;
   *     empty if all is well
   * @param models the versions that serve, with the device that really runs them
   */
  public Health {
    degraded = List.copyOf(degraded);
    models = List.copyOf(models);
  }

  /**
   * Tells whether something is not as it should be.
   *
   * @return true if {@link #degraded()} has a sentence
   */
  public boolean isDegraded() {
    return !degraded.isEmpty();
  }
}

package io.vivace.core;

import java.time.Duration;
import java.util.Objects;

/**
 * What happens to a call when as much is pending as the predictor allows. Immutable.
 *
 * @see PredictorBuilder#maxPending(int)
 */
public final class Overflow {
  /** The kinds of policy. */
  public enum Policy {
    /** The new call fails at once. */
    REJECT,
    /** The new call waits for a place. */
    WAIT,
    /** The new call takes the place of one that has waited longest. */
    DROP_OLDEST
  }

  private static final Duration LONGEST = Duration.ofDays(365);

  private final Policy policy;
  private final Duration patience;

  private Overflow(Policy policy, Duration patience) {
    this.policy = policy;
    this.patience = patience;
  }

  /**
   * Fails the new call at once with {@link OverloadedException}. The default.
   *
   * @return the policy
   */
  public static Overflow reject() {
    return new Overflow(Policy.REJECT, Duration.ZERO);
  }

  /**
   * Makes the calling thread wait for a place, in {@link Predictor#predictAsync} too: the caller is
   * slowed down to what the model can do. Without a place in time, or by the call's own deadline,
   * the call fails with {@link OverloadedException}.
   *
   * @param patience how long to wait at most, above 0, at most 365 days
   * @return the policy
   * @throws IllegalArgumentException if it is out of range
   */
  public static Overflow waitUpTo(Duration patience) {
    Objects.requireNonNull(patience, "patience");
    if (patience.isNegative() || patience.isZero() || patience.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "patience must be above 0 and at most 365 days, but was " + patience);
    }
    return new Overflow(Policy.WAIT, patience);
  }

  /**
   * Fails the call that has waited longest of those with the lowest priority, with {@link
   * OverloadedException}, and takes the new one in its place: for answers that are worth less the
   * older they get. Where all that is pending runs already, the new call fails.
   *
   * @return the policy
   */
  public static Overflow dropOldest() {
    return new Overflow(Policy.DROP_OLDEST, Duration.ZERO);
  }

  /**
   * Returns the kind of policy.
   *
   * @return the kind
   */
  public Policy policy() {
    return policy;
  }

  /**
   * Returns how long a call waits for a place.
   *
   * @return zero unless the policy is to wait
   */
  public Duration patience() {
    return patience;
  }

  /**
   * Returns the policy in words.
   *
   * @return for example {@code Overflow[wait up to PT0.1S]}
   */
  @Override
  public String toString() {
    return switch (policy) {
      case REJECT -> "Overflow[reject]";
      case WAIT -> "Overflow[wait up to " + patience + "]";
      case DROP_OLDEST -> "Overflow[drop oldest]";
    };
  }
}

package io.vivace.core.observe;

import io.vivace.core.InferenceException;
import io.vivace.core.internal.log.LimitedWarning;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what an operator should know, under the name of {@link InferenceListener}: a warning at most
 * every ten seconds for each kind, which says how many were held back; opening, swapping and
 * closing at INFO. A predictor has one of its own; applications do not need this class.
 */
public final class WarningLog implements InferenceListener {
  private final Logger log;
  private final Map<ShedReason, LimitedWarning> shed = new EnumMap<>(ShedReason.class);
  private final LimitedWarning runFailed;
  private final LimitedWarning zombie;
  private final LimitedWarning fallback;
  private final LimitedWarning breaker;

  /** Makes a log of its own limits. */
  public WarningLog() {
    this(LoggerFactory.getLogger(InferenceListener.class));
  }

  WarningLog(Logger log) {
    this.log = log;
    for (ShedReason reason : ShedReason.values()) {
      shed.put(reason, new LimitedWarning(log));
    }
    this.runFailed = new LimitedWarning(log);
    this.zombie = new LimitedWarning(log);
    this.fallback = new LimitedWarning(log);
    this.breaker = new LimitedWarning(log);
  }

  @Override
  public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
    LimitedWarning warning = shed.get(reason);
    if (warning != null && reason != ShedReason.CLOSED) {
      warning.warn(
          () -> "predictor " + model.predictor() + " turned a request away: " + reason, null);
    }
  }

  @Override
  public void runFailed(ModelVersion model, int rows, Throwable error) {
    runFailed.warn(() -> String.format("%s failed on a run of %d rows", name(model), rows), error);
  }

  @Override
  public void zombieBegan(ModelVersion model) {
    zombie.warn(
        () -> name(model) + " still runs although nobody waits for the answer any more", null);
  }

  @Override
  public void fellBack(String predictor, InferenceException.Code code) {
    fallback.warn(() -> "a fallback answers for predictor " + predictor + ": " + code, null);
  }

  @Override
  public void breakerOpened(String predictor) {
    breaker.warn(() -> "the circuit breaker of predictor " + predictor + " opened", null);
  }

  @Override
  public void breakerClosed(String predictor) {
    log.info("the circuit breaker of predictor {} closed", predictor);
  }

  @Override
  public void swapFailed(ModelVersion model, Throwable error) {
    log.warn("a swap failed; {} serves on", name(model), error);
  }

  @Override
  public void swapped(ModelVersion before, ModelVersion after, long nanos) {
    log.info("{} took over from version {} in {} ms", name(after), before.version(), nanos / 1e6);
  }

  @Override
  public void closed(ModelVersion model) {
    log.debug("{} is closed", name(model));
  }

  private static String name(ModelVersion model) {
    return String.format(
        "predictor %s, version %s (%s on %s)",
        model.predictor(), model.version(), model.engine(), model.device());
  }
}

package io.vivace.core.observe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a monitor has heard of one predictor. Its events are rare but for shedding under overload.
 */
final class PredictorHealth {
  private final String predictor;
  private final List<ModelVersion> serving = new ArrayList<>(); // two may have one name
  private final List<ModelVersion> draining = new ArrayList<>();
  private final Map<ShedReason, Long> lastShed = new EnumMap<>(ShedReason.class);
  private @Nullable String swapError;
  private boolean everOpened;
  private boolean breakerOpen;
  private int zombies;
  private long zombieSince;

  PredictorHealth(String predictor) {
    this.predictor = predictor;
  }

  synchronized void opened(ModelVersion model) {
    serving.add(model);
    everOpened = true;
  }

  synchronized void swapped(ModelVersion before, ModelVersion after) {
    if (serving.remove(before)) {
      draining.add(before);
    }
    serving.add(after);
    everOpened = true;
    swapError = null;
  }

  synchronized void swapFailed(Throwable error) {
    swapError = String.valueOf(error.getMessage());
  }

  /** True if nothing is left of the predictor. */
  synchronized boolean closed(ModelVersion model) {
    if (!draining.remove(model)) {
      serving.remove(model);
    }
    return serving.isEmpty() && draining.isEmpty();
  }

  synchronized void shed(ShedReason reason, long now) {
    lastShed.put(reason, now);
  }

  synchronized void zombieBegan(long now) {
    if (zombies++ == 0) {
      zombieSince = now;
    }
  }

  /** One that returns shows that runs do return. */
  synchronized void zombieEnded(long now) {
    zombies--;
    zombieSince = now;
  }

  synchronized void breaker(boolean open) {
    breakerOpen = open;
  }

  /** A fallback or router is heard of too, but has no model of its own. */
  synchronized boolean isReady() {
    return !everOpened || !serving.isEmpty();
  }

  synchronized boolean isLive(long now, long stuckNanos) {
    return zombies == 0 || now - zombieSince < stuckNanos;
  }

  synchronized List<ModelVersion> models() {
    return List.copyOf(serving);
  }

  synchronized void degraded(long now, long windowNanos, List<String> reasons) {
    String who = "predictor " + predictor;
    lastShed.values().removeIf(at -> now - at > windowNanos);
    if (!lastShed.isEmpty()) {
      reasons.add(who + " turned requests away lately: " + lastShed.keySet());
    }
    if (breakerOpen) {
      reasons.add("the circuit breaker of " + who + " is open");
    }
    if (swapError != null) {
      reasons.add("the last swap of " + who + " failed: " + swapError);
    }
    if (zombies > 0) {
      reasons.add(who + " has runs that nobody waits for: " + zombies);
    }
  }
}

package io.vivace.core;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a user's listener from ending the work that it listens to. */
final class GuardedProgress implements Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

  private final Progress listener;
  private boolean failedBefore;

  GuardedProgress(Progress listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void report(Step step) {
    try {
      listener.report(step);
    } catch (RuntimeException e) {
      if (failedBefore) {
        LOG.warn("a progress listener failed again at {}: {}", step, e.toString());
      } else {
        LOG.warn("a progress listener failed at {}; the work goes on", step, e);
      }
      failedBefore = true;
    }
  }

  @Override
  public Progress guarded() {
    return this;
  }
}

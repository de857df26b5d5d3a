package io.vivace.core.serve;

import io.vivace.core.Predictor;
import io.vivace.core.serve.PredictorRecipe.Form;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one predictor that a recipe has in this JVM, and how many use it. */
final class SharedPredictor<I, O> {
  private static final Logger log = LoggerFactory.getLogger(PredictorRecipe.class);
  private static final Map<UUID, SharedPredictor<?, ?>> OPEN = new ConcurrentHashMap<>();

  private final Form<I, O> form;
  private @Nullable Predictor<I, O> predictor;
  private int users;
  private long opened;
  private boolean gone;

  private SharedPredictor(Form<I, O> form) {
    this.form = form;
  }

  static <I, O> Predictor<I, O> open(Form<I, O> form) {
    while (true) {
      SharedPredictor<?, ?> found =
          OPEN.computeIfAbsent(form.id(), id -> new SharedPredictor<>(form));
      @SuppressWarnings("unchecked") // one form has one id
      SharedPredictor<I, O> shared = (SharedPredictor<I, O>) found;
      Predictor<I, O> opened = shared.acquire();
      if (opened != null) {
        return opened;
      }
    }
  }

  static int users(UUID id) {
    SharedPredictor<?, ?> shared = OPEN.get(id);
    return shared == null ? 0 : shared.users();
  }

  private synchronized int users() {
    return users;
  }

  /** Null if it has been closed meanwhile, so that another one must be opened. */
  private synchronized @Nullable Predictor<I, O> acquire() {
    if (gone) {
      return null;
    }
    Predictor<I, O> ready = predictor;
    if (ready == null) {
      ready = build();
      predictor = ready;
    }
    users++;
    opened++;
    return new SharedHandle<>(ready, this::release);
  }

  private Predictor<I, O> build() {
    try {
      return form.build();
    } catch (Throwable e) {
      leave();
      throw e;
    }
  }

  private void leave() {
    gone = true;
    OPEN.remove(form.id(), this);
  }

  private void release() {
    long seen;
    synchronized (this) {
      if (--users > 0) {
        return;
      }
      seen = opened;
    }
    if (form.idle().isZero()) {
      closeIfIdle(seen);
    } else {
      CompletableFuture.delayedExecutor(form.idle().toNanos(), TimeUnit.NANOSECONDS)
          .execute(() -> closeIfIdle(seen));
    }
  }

  /** Closes the predictor, unless somebody has used it since. */
  private void closeIfIdle(long seen) {
    Predictor<I, O> idle;
    synchronized (this) {
      idle = predictor;
      if (gone || users > 0 || opened != seen || idle == null) {
        return;
      }
      leave();
      predictor = null;
    }
    log.info("the predictor {} of a recipe was not used for {} and is closed", idle, form.idle());
    idle.close();
  }
}

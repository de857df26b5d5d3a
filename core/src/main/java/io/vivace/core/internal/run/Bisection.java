package io.vivace.core.internal.run;

import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;

/**
 * Runs rows together and, where that fails, each half by itself, down to the rows that are at
 * fault: they get their own error, the others their answers.
 */
abstract class Bisection {
  /** Runs rows together and hands out what came of each; throws if they failed together. */
  abstract void attempt(int from, int count);

  /** Gives a row its error. */
  abstract void fail(int row, InferenceException error);

  /** A run of several rows failed, or that of one. */
  void failed(int count, Throwable error) {}

  /** Whether trying on is in vain. */
  boolean isStopped() {
    return false;
  }

  final void run(int from, int count) {
    try {
      attempt(from, count);
    } catch (Throwable e) { // whatever it is, it belongs to these rows
      failed(count, e);
      if (count == 1 || isStopped() || isForAll(e)) {
        failAll(from, count, e);
      } else {
        run(from, count / 2);
        run(from + count / 2, count - count / 2);
      }
    }
  }

  private static boolean isForAll(Throwable error) {
    return error instanceof InferenceException known
        && known.code() == InferenceException.Code.INTERRUPTED;
  }

  private void failAll(int from, int count, Throwable error) {
    InferenceException typed =
        error instanceof InferenceException known
            ? known
            : new EngineException("the run failed: " + error, error);
    for (int row = from; row < from + count; row++) {
      fail(row, typed);
    }
  }
}

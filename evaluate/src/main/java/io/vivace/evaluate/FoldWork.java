package io.vivace.evaluate;

import io.vivace.core.Progress;
import io.vivace.core.StopSignal;

/**
 * How folds are worked off. Nothing here changes a result.
 *
 * @param threads how many folds at a time
 * @param failures whether a failed fold ends the work
 * @param progress hears of each fold, guarded
 * @param stop ends the work
 */
record FoldWork(int threads, FailurePolicy failures, Progress progress, StopSignal stop) {}

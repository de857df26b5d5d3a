package io.vivace.evaluate.search;

/** Why a study ended. */
public enum StopReason {
  /** All trials that were asked for are done. */
  TRIALS_DONE,
  /** A grid has no point left. */
  EXHAUSTED,
  /** The target was reached. */
  TARGET_REACHED,
  /** There was no improvement for as many trials as the patience allows. */
  NO_IMPROVEMENT,
  /** The time was up. */
  TIME_LIMIT,
  /** The stop signal was given. */
  STOP_SIGNAL,
  /** The calling thread was interrupted; its interrupt flag is set. */
  INTERRUPTED,
  /** It was closed, or asked for its state, while trials were left. */
  UNFINISHED
}

package io.vivace.core.internal.schedule;

/** Runs batches, each on one slot. */
public interface BatchEngine<P, O, S> {
  /**
   * Runs a batch and answers or fails each of its rows. What it throws fails the rows that have
   * neither answer nor error.
   */
  void run(S slot, Batch<P, O> batch);

  /**
   * Asks the run in progress on a slot to end, where the engine can.
   *
   * @param terminate false takes the request back, before the slot is used again
   */
  void terminate(S slot, boolean terminate);
}

package io.vivace.optimize.train;

import java.util.List;
import java.util.Map;

/**
 * How far a run has come: what a checkpoint holds beside the arrays.
 *
 * @param epoch the present epoch, from 0
 * @param batch the next batch of it
 * @param step how many steps there have been
 * @param lossSum the sum of the losses of the epoch's batches so far
 * @param bestValue the best value so far, NaN if there is none
 * @param bestEpoch the epoch that had it, from 1, or 0
 * @param curve the values of the epochs that are done
 */
record Position(
    int epoch,
    int batch,
    long step,
    double lossSum,
    double bestValue,
    int bestEpoch,
    List<Map<String, Double>> curve) {
  static final Position START = new Position(0, 0, 0, 0, Double.NaN, 0, List.of());

  Position {
    curve = List.copyOf(curve);
  }
}

package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Gathers a figure for each output of a regression. The first batch says how many outputs there
 * are.
 *
 * @param <A> the implementing type itself
 */
abstract class OutputAccumulator<A extends OutputAccumulator<A>> implements Accumulator<Values, A> {
  private int outputs;

  /** The number of outputs, 0 before the first batch. */
  final int outputs() {
    return outputs;
  }

  @Override
  public final void update(Values batch) {
    check(batch);
    prepare(batch.outputs);
    gather(batch);
  }

  @Override
  public final void merge(A other) {
    if (other.outputs() > 0) {
      prepare(other.outputs());
      gather(other);
    }
  }

  @Override
  public final void reset() {
    outputs = 0;
  }

  /** Makes room for so many outputs, or refuses another number of them. */
  final void prepare(int found) {
    Rows.check(
        outputs == 0 || outputs == found,
        "rows must have %d outputs as those before, but had %d",
        outputs,
        found);
    if (outputs == 0) {
      outputs = found;
      allocate(found);
    }
  }

  @Override
  public final void write(DataOutputStream out) throws IOException {
    out.writeInt(outputs);
    if (outputs > 0) {
      store(out);
    }
  }

  @Override
  public final void read(DataInputStream in) throws IOException {
    reset();
    int stored = in.readInt();
    Rows.check(stored >= 0 && stored <= in.available(), "a stored state has %d outputs", stored);
    if (stored > 0) {
      prepare(stored);
      load(in);
    }
  }

  /** Refuses a batch out of the metric's domain. */
  void check(Values batch) {}

  /** Starts with nothing, for so many outputs. */
  abstract void allocate(int outputs);

  abstract void gather(Values batch);

  abstract void gather(A other);

  abstract void store(DataOutputStream out) throws IOException;

  abstract void load(DataInputStream in) throws IOException;

  /** The figure of each output. */
  abstract double[] figures();

  /** What the outputs weigh where they are weighted by variance. */
  double[] spreads() {
    throw new IllegalStateException("this metric knows no variances");
  }
}

package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.IntConsumer;

/**
 * Gathers, for each class, how often it was true, predicted, and both. Every figure of precision's
 * family, accuracy and the correlation coefficient follow from these.
 */
abstract sealed class ClassCounts<B extends Batch, A extends ClassCounts<B, A>>
    implements Accumulator<B, A> permits LabelCounts, MultiLabelCounts {
  private final IntConsumer check;

  Tally hits = new Tally(0);
  Tally predicted = new Tally(0);
  Tally actual = new Tally(0);

  /** Which classes occurred at all, be it in rows that weigh nothing. */
  boolean[] seen = new boolean[0];

  /**
   * Starts to gather.
   *
   * @param check refuses a number of classes that does not suit
   */
  ClassCounts(IntConsumer check) {
    this.check = check;
  }

  int classes() {
    return seen.length;
  }

  boolean isEmpty() {
    return seen.length == 0;
  }

  /** Fixes the number of classes at the first batch. */
  final void prepare(int classes) {
    if (isEmpty()) {
      check.accept(classes);
      hits = new Tally(classes);
      predicted = new Tally(classes);
      actual = new Tally(classes);
      seen = new boolean[classes];
    }
    Rows.check(
        classes == classes(),
        "a batch has %d classes, but those before had %d",
        classes,
        classes());
  }

  @Override
  public final void merge(A other) {
    if (other.isEmpty()) {
      return;
    }
    prepare(other.classes());
    hits.merge(other.hits);
    predicted.merge(other.predicted);
    actual.merge(other.actual);
    for (int k = 0; k < seen.length; k++) {
      seen[k] |= other.seen[k];
    }
  }

  @Override
  public final void reset() {
    hits = new Tally(0);
    predicted = new Tally(0);
    actual = new Tally(0);
    seen = new boolean[0];
  }

  @Override
  public final void write(DataOutputStream out) throws IOException {
    Stored.writeBooleans(out, seen);
    hits.write(out);
    predicted.write(out);
    actual.write(out);
  }

  @Override
  public final void read(DataInputStream in) throws IOException {
    boolean[] storedSeen = Stored.readBooleans(in);
    Tally storedHits = Tally.read(in);
    Tally storedPredicted = Tally.read(in);
    Tally storedActual = Tally.read(in);
    Rows.check(
        storedHits.size() == storedSeen.length
            && storedPredicted.size() == storedSeen.length
            && storedActual.size() == storedSeen.length,
        "stored counts do not agree about the number of classes");
    seen = storedSeen;
    hits = storedHits;
    predicted = storedPredicted;
    actual = storedActual;
  }
}

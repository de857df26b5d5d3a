package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Gathers how often each true class got each predicted class. */
final class ConfusionCounts implements Accumulator<Labels, ConfusionCounts> {
  /** A matrix of this many classes takes 128 MB. */
  private static final int MOST_CLASSES = 4096;

  private int classes;
  private Tally cells = new Tally(0);

  @Override
  public void update(Labels batch) {
    prepare(batch.classes);
    double[] weights = batch.weights;
    for (int row = 0; row < batch.truth.length; row++) {
      int cell = batch.truth[row] * classes + batch.prediction[row];
      if (weights == null) {
        cells.whole[cell]++;
      } else {
        cells.add(cell, weights[row]);
      }
    }
  }

  private void prepare(int wanted) {
    if (classes == 0) {
      Rows.check(
          wanted <= MOST_CLASSES,
          "a confusion matrix holds at most %d classes, but there are %d",
          MOST_CLASSES,
          wanted);
      classes = wanted;
      cells = new Tally(wanted * wanted);
    }
    Rows.check(
        wanted == classes, "a batch has %d classes, but those before had %d", wanted, classes);
  }

  @Override
  public void merge(ConfusionCounts other) {
    if (other.classes > 0) {
      prepare(other.classes);
      cells.merge(other.cells);
    }
  }

  @Override
  public void reset() {
    classes = 0;
    cells = new Tally(0);
  }

  ConfusionMatrix matrix() {
    return new ConfusionMatrix(classes, cells.values());
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(classes);
    cells.write(out);
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    int storedClasses = in.readInt();
    Tally storedCells = Tally.read(in);
    Rows.check(
        storedClasses >= 0 && (long) storedClasses * storedClasses == storedCells.size(),
        "a stored confusion matrix has %d classes and %d cells",
        storedClasses,
        storedCells.size());
    classes = storedClasses;
    cells = storedCells;
  }
}

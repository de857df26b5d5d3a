package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/** How rows of one class each, with their scores, are put together and stored. */
final class ScoresForm implements ScoreRows.Form<Scores> {
  static final ScoresForm INSTANCE = new ScoresForm();

  private ScoresForm() {}

  @Override
  public void checkLike(Scores first, Scores batch) {
    Rows.check(
        batch.classes == first.classes && batch.columns == first.columns,
        "a batch has %d classes and %d scores a row, but those before had %d and %d",
        batch.classes,
        batch.columns,
        first.classes,
        first.columns);
  }

  @Override
  public Scores concatenated(List<Scores> batches) {
    int size = batches.stream().mapToInt(Scores::size).reduce(0, Math::addExact);
    Scores first = batches.get(0);
    int[] truth = new int[size];
    double[] scores = new double[Math.multiplyExact(size, first.columns)];
    boolean single = batches.stream().allMatch(batch -> batch.single);
    int row = 0;
    for (Scores batch : batches) {
      System.arraycopy(batch.truth, 0, truth, row, batch.size());
      System.arraycopy(batch.scores, 0, scores, row * first.columns, batch.scores.length);
      row += batch.size();
    }
    double[] weights = Rows.concatenatedWeights(batches, size);
    return new Scores(truth, scores, first.classes, first.columns, single, weights);
  }

  @Override
  public void write(Scores batch, DataOutputStream out) throws IOException {
    out.writeInt(batch.classes);
    out.writeInt(batch.columns);
    out.writeBoolean(batch.single);
    Stored.writeInts(out, batch.truth, batch.truth.length);
    Stored.writeDoubles(out, batch.scores, batch.scores.length);
    Stored.writeWeights(out, batch.weights);
  }

  @Override
  public Scores read(DataInputStream in) throws IOException {
    int classes = in.readInt();
    int columns = in.readInt();
    Rows.check(
        classes >= 1 && (columns == classes || (columns == 1 && classes == 2)),
        "stored scores have %d columns for %d classes",
        columns,
        classes);
    boolean single = in.readBoolean();
    Scores stored =
        Scores.checked(Stored.readInts(in), Stored.readDoubles(in), classes, columns, single);
    return in.readBoolean() ? stored.weighted(Stored.readDoubles(in)) : stored;
  }
}

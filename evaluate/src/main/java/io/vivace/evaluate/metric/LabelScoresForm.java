package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/** How rows of any number of labels, with their scores, are put together and stored. */
final class LabelScoresForm implements ScoreRows.Form<MultiLabelScores> {
  static final LabelScoresForm INSTANCE = new LabelScoresForm();

  private LabelScoresForm() {}

  @Override
  public void checkLike(MultiLabelScores first, MultiLabelScores batch) {
    Rows.check(
        batch.labels == first.labels,
        "a batch has %d labels, but those before had %d",
        batch.labels,
        first.labels);
  }

  @Override
  public MultiLabelScores concatenated(List<MultiLabelScores> batches) {
    int size = batches.stream().mapToInt(MultiLabelScores::size).reduce(0, Math::addExact);
    int labels = batches.get(0).labels;
    boolean[] truth = new boolean[Math.multiplyExact(size, labels)];
    double[] scores = new double[truth.length];
    int next = 0;
    for (MultiLabelScores batch : batches) {
      System.arraycopy(batch.truth, 0, truth, next, batch.truth.length);
      System.arraycopy(batch.scores, 0, scores, next, batch.scores.length);
      next += batch.truth.length;
    }
    MultiLabelScores all = MultiLabelScores.of(truth, scores, labels);
    double[] weights = Rows.concatenatedWeights(batches, size);
    return weights == null ? all : all.weighted(weights);
  }

  @Override
  public void write(MultiLabelScores batch, DataOutputStream out) throws IOException {
    out.writeInt(batch.labels);
    Stored.writeBooleans(out, batch.truth);
    Stored.writeDoubles(out, batch.scores, batch.scores.length);
    Stored.writeWeights(out, batch.weights);
  }

  @Override
  public MultiLabelScores read(DataInputStream in) throws IOException {
    int labels = in.readInt();
    MultiLabelScores stored =
        MultiLabelScores.of(Stored.readBooleans(in), Stored.readDoubles(in), labels);
    return in.readBoolean() ? stored.weighted(Stored.readDoubles(in)) : stored;
  }
}

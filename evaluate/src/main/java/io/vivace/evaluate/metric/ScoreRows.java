package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gathers rows with their scores, for metrics that need the order of all of them. */
final class ScoreRows implements Accumulator<Scores, ScoreRows> {
  private final Consumer<Scores> check;
  private final List<Scores> batches = new ArrayList<>();

  ScoreRows(Consumer<Scores> check) {
    this.check = check;
  }

  @Override
  public void update(Scores batch) {
    check.accept(batch);
    checkForm(batch);
    batches.add(batch);
  }

  private void checkForm(Scores batch) {
    if (!batches.isEmpty()) {
      Scores first = batches.get(0);
      Rows.check(
          batch.classes == first.classes && batch.columns == first.columns,
          "a batch has %d classes and %d scores a row, but those before had %d and %d",
          batch.classes,
          batch.columns,
          first.classes,
          first.columns);
    }
  }

  @Override
  public void merge(ScoreRows other) {
    other.batches.stream().limit(1).forEach(this::checkForm);
    batches.addAll(other.batches);
  }

  @Override
  public void reset() {
    batches.clear();
  }

  /** All rows as one batch; null if there is none. */
  @Nullable Scores rows() {
    if (batches.size() > 1) {
      Scores all = Scores.concatenated(batches);
      batches.clear();
      batches.add(all);
    }
    return batches.isEmpty() ? null : batches.get(0);
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    Scores all = rows();
    out.writeBoolean(all != null);
    if (all != null) {
      all.write(out);
    }
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    Scores stored = in.readBoolean() ? Scores.read(in) : null;
    batches.clear();
    if (stored != null) {
      batches.add(stored);
    }
  }
}

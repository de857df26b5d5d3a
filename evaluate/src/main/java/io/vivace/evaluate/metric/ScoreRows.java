package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers rows with their scores, for metrics that need the order of all of them.
 *
 * @param <B> the batches it sees
 */
final class ScoreRows<B extends Batch> implements Accumulator<B, ScoreRows<B>> {
  /** How batches of a type are put together and stored. */
  interface Form<B> {
    /** Refuses a batch that does not go behind the first one. */
    void checkLike(B first, B batch);

    B concatenated(List<B> batches);

    void write(B batch, DataOutputStream out) throws IOException;

    B read(DataInputStream in) throws IOException;
  }

  private final Form<B> form;
  private final Consumer<B> check;
  private final List<B> batches = new ArrayList<>();

  ScoreRows(Form<B> form, Consumer<B> check) {
    this.form = form;
    this.check = check;
  }

  @Override
  public void update(B batch) {
    check.accept(batch);
    checkForm(batch);
    batches.add(batch);
  }

  private void checkForm(B batch) {
    if (!batches.isEmpty()) {
      form.checkLike(batches.get(0), batch);
    }
  }

  @Override
  public void merge(ScoreRows<B> other) {
    other.batches.stream().limit(1).forEach(this::checkForm);
    batches.addAll(other.batches);
  }

  @Override
  public void reset() {
    batches.clear();
  }

  /** All rows as one batch; null if there is none. */
  @Nullable B rows() {
    if (batches.size() > 1) {
      B all = form.concatenated(batches);
      batches.clear();
      batches.add(all);
    }
    return batches.isEmpty() ? null : batches.get(0);
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    B all = rows();
    out.writeBoolean(all != null);
    if (all != null) {
      form.write(all, out);
    }
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    B stored = in.readBoolean() ? form.read(in) : null;
    batches.clear();
    if (stored != null) {
      batches.add(stored);
    }
  }
}

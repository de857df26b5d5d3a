package io.vivace.evaluate.metric;

import io.vivace.evaluate.metric.CalibrationError.Subject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers probabilities in uniform bins, one set of bins for each class that is looked at. */
final class CalibrationBins implements Accumulator<Scores, CalibrationBins> {
  private final Binning binning;
  private final Subject subject;
  private final Consumer<Scores> check;
  private final List<Bins> parts = new ArrayList<>();

  CalibrationBins(Binning binning, Subject subject, Consumer<Scores> check) {
    this.binning = binning;
    this.subject = subject;
    this.check = check;
  }

  /** Puts a checked batch into bins of its own. */
  static List<Bins> of(Scores batch, Binning binning, Subject subject) {
    CalibrationBins bins = new CalibrationBins(binning, subject, ignored -> {});
    bins.update(batch);
    return bins.parts;
  }

  List<Bins> parts() {
    return parts.isEmpty() ? List.of(new Bins(binning.bins())) : parts;
  }

  @Override
  public void update(Scores batch) {
    check.accept(batch);
    prepare(subject == Subject.CLASS_WISE && !batch.isBinary() ? batch.classes : 1);
    for (int part = 0; part < parts.size(); part++) {
      add(batch, part);
    }
  }

  private void prepare(int wanted) {
    boolean isNew = parts.isEmpty();
    while (isNew && parts.size() < wanted) {
      parts.add(new Bins(binning.bins()));
    }
    Rows.check(
        parts.size() == wanted,
        "a batch has %d classes, but those before had %d",
        wanted,
        parts.size());
  }

  private void add(Scores batch, int part) {
    Answers answers = new Answers(batch, subject, part);
    double[] edges = binning.edges(answers.probabilities);
    Bins bins = parts.get(part);
    for (int row = 0; row < batch.size(); row++) {
      double probability = answers.probabilities[row];
      bins.add(binning.bin(edges, probability), probability, answers.hits[row], batch.weight(row));
    }
  }

  /** The probabilities looked at, and whether what they say came true. */
  private static final class Answers {
    final double[] probabilities;
    final boolean[] hits;

    Answers(Scores batch, Subject subject, int part) {
      probabilities = new double[batch.size()];
      hits = new boolean[batch.size()];
      for (int row = 0; row < hits.length; row++) {
        int k = subject == Subject.CLASS_WISE ? part : 1;
        if (subject == Subject.TOP_CLASS && !batch.isBinary()) {
          k = highest(batch, row);
        }
        boolean isSingle = batch.isBinary();
        probabilities[row] = batch.scores[row * batch.columns + (isSingle ? 0 : k)];
        hits[row] = batch.truth[row] == (isSingle ? 1 : k);
      }
    }

    private static int highest(Scores batch, int row) {
      int offset = row * batch.columns;
      int best = 0;
      for (int k = 1; k < batch.columns; k++) {
        if (batch.scores[offset + k] > batch.scores[offset + best]) {
          best = k;
        }
      }
      return best;
    }
  }

  @Override
  public void merge(CalibrationBins other) {
    if (!other.parts.isEmpty()) {
      prepare(other.parts.size());
      for (int part = 0; part < parts.size(); part++) {
        parts.get(part).merge(other.parts.get(part));
      }
    }
  }

  @Override
  public void reset() {
    parts.clear();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(parts.size());
    for (Bins bins : parts) {
      bins.write(out);
    }
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    int size = in.readInt();
    List<Bins> stored = new ArrayList<>();
    for (int part = 0; part < size; part++) {
      Bins bins = Bins.read(in);
      Rows.check(bins.size() == binning.bins(), "a stored curve has %d bins", bins.size());
      stored.add(bins);
    }
    parts.clear();
    parts.addAll(stored);
  }
}

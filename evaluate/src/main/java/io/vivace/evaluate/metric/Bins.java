package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What lies in each bin: weight, sum of probabilities, weight of the hits. */
final class Bins {
  private final Tally weight;
  private final Tally hits;
  private final ExactSum[] sums;

  Bins(int size) {
    this(new Tally(size), new Tally(size), new ExactSum[size]);
    for (int i = 0; i < size; i++) {
      sums[i] = new ExactSum();
    }
  }

  private Bins(Tally weight, Tally hits, ExactSum[] sums) {
    this.weight = weight;
    this.hits = hits;
    this.sums = sums;
  }

  int size() {
    return sums.length;
  }

  void add(int bin, double probability, boolean isHit, double rowWeight) {
    weight.add(bin, rowWeight);
    sums[bin].addProduct(probability, rowWeight);
    if (isHit) {
      hits.add(bin, rowWeight);
    }
  }

  double weight(int bin) {
    return weight.value(bin);
  }

  double meanProbability(int bin) {
    return sums[bin].value() / weight(bin);
  }

  double hitRate(int bin) {
    return hits.value(bin) / weight(bin);
  }

  double total() {
    double total = 0;
    for (int bin = 0; bin < size(); bin++) {
      total += weight(bin);
    }
    return total;
  }

  void merge(Bins other) {
    weight.merge(other.weight);
    hits.merge(other.hits);
    for (int i = 0; i < sums.length; i++) {
      sums[i].merge(other.sums[i]);
    }
  }

  void write(DataOutputStream out) throws IOException {
    weight.write(out);
    hits.write(out);
    for (ExactSum sum : sums) {
      sum.write(out);
    }
  }

  static Bins read(DataInputStream in) throws IOException {
    Tally weight = Tally.read(in);
    Tally hits = Tally.read(in);
    Rows.check(weight.size() == hits.size(), "stored bins do not agree about their number");
    ExactSum[] sums = new ExactSum[weight.size()];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new ExactSum();
      sums[i].read(in);
    }
    return new Bins(weight, hits, sums);
  }
}

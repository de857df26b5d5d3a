package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Counts of both classes by score, in buckets of {@code 2^level} neighbouring keys. The level is
 * the lowest at which all scores seen fit, which no order of arrival changes.
 */
final class AucBuckets implements Accumulator<Scores, AucBuckets> {
  private final int most;
  private final boolean ofProbabilities;

  private int level;
  private int size;

  /** Keys shifted by the level, rising, so scores fall. */
  private long[] keys = new long[0];

  /** The one score of all rows of a bucket, so that their pairs are ties; NaN if there are more. */
  private double[] scores = new double[0];

  private long[] positives = new long[0];
  private long[] negatives = new long[0];

  AucBuckets(int most, boolean ofProbabilities) {
    this.most = most;
    this.ofProbabilities = ofProbabilities;
  }

  @Override
  public void update(Scores batch) {
    Rows.check(batch.classes == 2, "this area needs 2 classes, but there are %d", batch.classes);
    Rows.check(batch.weights == null, "the bounded area does not know weights; use ROC_AUC");
    if (ofProbabilities) {
      Probabilities.check(batch);
    }
    for (int start = 0; start < batch.size(); start += most) {
      take(batch, start, Math.min(batch.size() - start, most));
    }
  }

  /** Counts as many rows as there are buckets, so that the memory stays bounded. */
  private void take(Scores batch, int start, int rows) {
    AucBuckets more = new AucBuckets(most, ofProbabilities);
    long[] all = new long[rows];
    Arrays.setAll(all, i -> key(batch.positive(start + i)));
    int[] order = SortKeys.order(all);
    more.allocate(rows);
    for (int index : order) {
      int isPositive = batch.truth[start + index];
      more.append(all[index], batch.positive(start + index), isPositive, 1 - isPositive);
    }
    join(more);
  }

  /** Falls where the score rises; probabilities by equal steps of 2^-62, others by their bits. */
  private long key(double score) {
    return ofProbabilities ? -(long) (score * 0x1p62) : SortKeys.descending(score);
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    scores = new double[capacity];
    positives = new long[capacity];
    negatives = new long[capacity];
    size = 0;
  }

  /** Adds to the last bucket or opens the next one. */
  private void append(long key, double score, long morePositives, long moreNegatives) {
    if (size == 0 || keys[size - 1] != key) {
      scores[size] = score;
      keys[size++] = key;
    } else if (scores[size - 1] != score) {
      scores[size - 1] = Double.NaN;
    }
    positives[size - 1] += morePositives;
    negatives[size - 1] += moreNegatives;
  }

  private void join(AucBuckets other) {
    AucBuckets joined = new AucBuckets(most, ofProbabilities);
    joined.level = Math.max(level, other.level);
    joined.allocate(size + other.size);
    int i = 0;
    int j = 0;
    while (i < size || j < other.size) {
      long mine = i < size ? keys[i] >> (joined.level - level) : Long.MAX_VALUE;
      long theirs = j < other.size ? other.keys[j] >> (joined.level - other.level) : Long.MAX_VALUE;
      if (i < size && mine <= theirs) {
        joined.append(mine, scores[i], positives[i], negatives[i]);
        i++;
      } else {
        joined.append(theirs, other.scores[j], other.positives[j], other.negatives[j]);
        j++;
      }
    }
    joined.coarsen();
    level = joined.level;
    size = joined.size;
    keys = Arrays.copyOf(joined.keys, size);
    scores = Arrays.copyOf(joined.scores, size);
    positives = Arrays.copyOf(joined.positives, size);
    negatives = Arrays.copyOf(joined.negatives, size);
  }

  private void coarsen() {
    while (size > most) {
      long[] oldKeys = keys;
      double[] oldScores = scores;
      long[] oldPositives = positives;
      long[] oldNegatives = negatives;
      int oldSize = size;
      allocate(oldSize);
      level++;
      for (int i = 0; i < oldSize; i++) {
        append(oldKeys[i] >> 1, oldScores[i], oldPositives[i], oldNegatives[i]);
      }
    }
  }

  /** Counts in whole numbers of any size, and rounds outwards where pairs are undecided. */
  BoundedAuc.Bounds bounds() {
    BigInteger twiceLower = BigInteger.ZERO;
    BigInteger undecided = BigInteger.ZERO;
    long above = 0;
    long below = 0;
    for (int i = 0; i < size; i++) {
      BigInteger here = BigInteger.valueOf(negatives[i]);
      BigInteger together = here.multiply(BigInteger.valueOf(positives[i]));
      twiceLower = twiceLower.add(here.multiply(BigInteger.valueOf(above)).shiftLeft(1));
      if (Double.isNaN(scores[i])) {
        undecided = undecided.add(together);
      } else {
        twiceLower = twiceLower.add(together);
      }
      above += positives[i];
      below += negatives[i];
    }
    double twicePairs = 2.0 * above * below;
    double lower = twiceLower.doubleValue() / twicePairs;
    if (undecided.signum() == 0) {
      return new BoundedAuc.Bounds(lower, lower);
    }
    double upper = twiceLower.add(undecided.shiftLeft(1)).doubleValue() / twicePairs;
    return new BoundedAuc.Bounds(
        Math.max(0, lower - 4 * Math.ulp(lower)), Math.min(1, upper + 4 * Math.ulp(upper)));
  }

  double middle() {
    return bounds().middle();
  }

  @Override
  public void merge(AucBuckets other) {
    join(other);
  }

  @Override
  public void reset() {
    level = 0;
    allocate(0);
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(level);
    Stored.writeLongs(out, Arrays.copyOf(keys, size));
    Stored.writeDoubles(out, scores, size);
    Stored.writeLongs(out, Arrays.copyOf(positives, size));
    Stored.writeLongs(out, Arrays.copyOf(negatives, size));
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    int storedLevel = in.readInt();
    long[] storedKeys = Stored.readLongs(in);
    double[] storedScores = Stored.readDoubles(in);
    long[] storedPositives = Stored.readLongs(in);
    long[] storedNegatives = Stored.readLongs(in);
    int length = storedKeys.length;
    boolean isSound =
        storedLevel >= 0
            && storedLevel < Long.SIZE
            && length <= most
            && storedScores.length == length
            && storedPositives.length == length
            && storedNegatives.length == length;
    for (int i = 0; isSound && i < length; i++) {
      isSound =
          storedPositives[i] >= 0
              && storedNegatives[i] >= 0
              && (i == 0 || storedKeys[i] > storedKeys[i - 1]);
    }
    Rows.check(isSound, "the stored buckets of an area are damaged");
    level = storedLevel;
    size = length;
    keys = storedKeys;
    scores = storedScores;
    positives = storedPositives;
    negatives = storedNegatives;
  }
}

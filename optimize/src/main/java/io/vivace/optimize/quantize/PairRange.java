package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How large the integers of a matrix may be so that 16-bit sums cannot overflow.
 *
 * <p>Processors with AVX2 or AVX-512 but without VNNI multiply unsigned activations with signed
 * weights and add two neighbouring products in 16 bits, with saturation: {@code 255 * (|a| + |b|)}
 * must not exceed 32,767 for weights a and b of rows 2i and 2i + 1 that have the same sign, so
 * their integers together not 128. Taking a bit from every weight ensures it, but large weights
 * seldom meet: it is enough that
 *
 * <pre>{@code
 * scale = (largest |a| + |b| of such a pair) / 127
 * }</pre>
 *
 * <p>since rounding adds at most one. Weights keep up to eight bits, and no input overflows.
 */
final class PairRange {
  private final Weight weight;
  private final int rows;
  private final int columns;
  private final float[] largest;

  private PairRange(Weight weight) {
    this.weight = weight;
    this.rows = Math.toIntExact(weight.shape().dimension(0));
    this.columns = Math.toIntExact(weight.shape().dimension(1));
    this.largest = new float[columns];
  }

  /** The largest sum of a pair in each column of each matrix. */
  static List<float[]> of(List<Weight> matrices, PassContext context) {
    List<PairRange> ranges = matrices.stream().map(PairRange::new).toList();
    List<Runnable> blocks = new ArrayList<>();
    for (PairRange range : ranges) {
      int step = range.step();
      for (int from = 0; from < range.rows; from += step) {
        int first = from;
        blocks.add(() -> range.read(first, Math.min(step, range.rows - first)));
      }
    }
    context.forEach(blocks.size(), i -> blocks.get(i).run());
    ranges.forEach(PairRange::requireFinite);
    return ranges.stream().map(range -> range.largest).toList();
  }

  private void requireFinite() {
    for (int i = 0; i < columns; i++) {
      if (!Float.isFinite(largest[i])) {
        throw new GraphException(
            ("weight %s holds numbers in column %d whose largest sum of two is %s; repair the"
                    + " model, or exclude the nodes that use the weight")
                .formatted(weight, i, largest[i]));
      }
    }
  }

  /** An even number of rows that fills a block. */
  private int step() {
    return Math.max(2, Floats.BLOCK / Math.max(1, columns) / 2 * 2);
  }

  private void read(int from, int count) {
    float[] found = new float[columns];
    float[] pair = new float[2 * columns];
    try {
      for (int row = 0; row < count; row += 2) {
        int both = Math.min(2, count - row) * columns;
        readInto(pair, (long) (from + row) * columns, both);
        update(pair, both > columns, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
    synchronized (this) {
      for (int i = 0; i < columns; i++) {
        largest[i] = Math.max(largest[i], found[i]);
      }
    }
  }

  private void readInto(float[] target, long at, int count) throws IOException {
    for (int done = 0; done < count; done += Floats.BLOCK) {
      int part = Math.min(Floats.BLOCK, count - done);
      float[] values = Floats.ofThread().read(weight.elements(), at + done, part);
      System.arraycopy(values, 0, target, done, part);
    }
  }

  private void update(float[] pair, boolean second, float[] found) {
    for (int i = 0; i < columns; i++) {
      float a = pair[i];
      float b = second ? pair[columns + i] : 0;
      float up = Math.max(a, 0) + Math.max(b, 0);
      float down = Math.min(a, 0) + Math.min(b, 0);
      found[i] = Math.max(found[i], Math.max(up, -down));
    }
  }
}

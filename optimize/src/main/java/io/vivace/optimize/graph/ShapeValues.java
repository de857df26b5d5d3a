package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A small tensor of integers whose values are sizes: known, named or unknown.
 *
 * @param values the values; those that are known may be negative
 * @param rank 0 for a scalar, 1 for a list
 */
record ShapeValues(List<Entry> values, int rank) {
  /** Larger tensors are no shapes. */
  private static final int MOST = 64;

  /**
   * One value.
   *
   * @param known whether it is known
   * @param value the value, if it is known
   * @param symbol its name; empty if it has none, or is known
   */
  record Entry(boolean known, long value, String symbol) {
    static final Entry UNKNOWN = new Entry(false, 0, "");

    static Entry of(long value) {
      return new Entry(true, value, "");
    }

    static Entry of(OnnxDimension dimension) {
      return dimension.size() >= 0 ? of(dimension.size()) : new Entry(false, 0, dimension.symbol());
    }

    /** As the size of an axis; negative values are no sizes. */
    OnnxDimension dimension() {
      if (known) {
        return value >= 0 ? new OnnxDimension(value, "") : OnnxDimension.UNKNOWN;
      }
      return symbol.isEmpty() ? OnnxDimension.UNKNOWN : new OnnxDimension(-1, symbol);
    }
  }

  ShapeValues {
    values = List.copyOf(values);
  }

  static Optional<ShapeValues> of(Weight weight) {
    boolean integers =
        weight.type() == OnnxElementType.INT64 || weight.type() == OnnxElementType.INT32;
    if (!integers || weight.shape().rank() > 1 || weight.shape().elements() > MOST) {
      return Optional.empty();
    }
    List<Entry> values = Arrays.stream(weight.longs()).mapToObj(Entry::of).toList();
    return Optional.of(new ShapeValues(values, weight.shape().rank()));
  }

  static Optional<ShapeValues> list(List<Entry> values) {
    return values.size() > MOST ? Optional.empty() : Optional.of(new ShapeValues(values, 1));
  }

  boolean allKnown() {
    return values.stream().allMatch(Entry::known);
  }

  /** The values, all of which must be known. */
  long[] toArray() {
    return values.stream().mapToLong(Entry::value).toArray();
  }

  List<OnnxDimension> dimensions() {
    return values.stream().map(Entry::dimension).toList();
  }
}

package io.vivace.core.internal.djl;

import ai.djl.ndarray.types.DataType;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Some neighbouring elements: what an operation along an axis looks at. */
record Line(Numbers numbers, int from, int length) {
  double doubleSum() {
    return positions().mapToDouble(numbers::doubleAt).sum();
  }

  long longSum() {
    return positions().mapToLong(numbers::longAt).sum();
  }

  double norm() {
    return Math.sqrt(positions().mapToDouble(numbers::doubleAt).map(x -> x * x).sum());
  }

  /** The first position of the greatest (1) or least (-1) element; a NaN is both. */
  int extreme(int sign) {
    if (length == 0) {
      throw new IllegalArgumentException("no elements to take the maximum or minimum of");
    }
    int best = from;
    for (int i = from; i < from + length && !numbers.isNaN(best); i++) {
      if (numbers.isNaN(i) || sign * numbers.compare(i, best) > 0) {
        best = i;
      }
    }
    return best;
  }

  /** The places in this line by element, equal ones in their order. */
  Numbers order(boolean ascending) {
    Comparator<Integer> order = (i, j) -> numbers.compare(from + i, from + j);
    long[] places =
        IntStream.range(0, length)
            .boxed()
            .sorted(ascending ? order : order.reversed())
            .mapToLong(Integer::longValue)
            .toArray();
    return Numbers.ofLongs(DataType.INT64, length, i -> places[i]);
  }

  /** The exponential of each element over the sum of all; the greatest is taken off first. */
  Numbers softmax(DataType type) {
    double greatest = numbers.doubleAt(extreme(1));
    double[] powers =
        positions().mapToDouble(i -> Math.exp(numbers.doubleAt(i) - greatest)).toArray();
    double sum = DoubleStream.of(powers).sum();
    return Numbers.of(type, length, i -> powers[i] / sum);
  }

  private IntStream positions() {
    return IntStream.range(from, from + length);
  }
}

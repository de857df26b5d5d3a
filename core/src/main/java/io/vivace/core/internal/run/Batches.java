package io.vivace.core.internal.run;

import io.vivace.core.codec.EncodedRow;
import io.vivace.core.internal.schedule.Sizing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts the rows of one call into runs. Rows of different sizes are sorted first, largest in front,
 * so that a run pads little and the long runs begin first.
 */
final class Batches {
  /** Padding may be at most one part in this many of a run. */
  private static final int PADDING_PART = 16;

  /** A run: so many rows from the first on. */
  record Run(int from, int count) {}

  private Batches() {}

  /** The order in which rows are best run: largest first, equal ones as they came. */
  static int[] order(Layout layout, EncodedRow[] rows, int count) {
    if (!layout.isOpen()) {
      return IntStream.range(0, count).toArray();
    }
    long[] volumes = volumes(layout, rows, count);
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingLong(i -> -volumes[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Cuts ordered rows.
   *
   * @param limit how many rows a run may have
   * @param threads how many runs should be there for as many threads; 1 if sharing does not pay
   * @param sizing how many rows of a kind are best run together
   */
  static List<Run> cut(
      Layout layout, EncodedRow[] rows, int count, int limit, int threads, Sizing sizing) {
    int parts = threads == 1 ? 1 : layout.isOpen() ? 2 * threads : threads;
    int most = Math.max(1, Math.min(limit, (count + parts - 1) / parts));
    long[] volumes = layout.isOpen() ? volumes(layout, rows, count) : new long[count];
    List<Run> runs = new ArrayList<>();
    for (int from = 0; from < count; ) {
      int group = layout.isOpen() ? Sizing.group(volumes[from]) : 0;
      int best = Math.min(most, Math.max(layout.fixedBatch(), sizing.target(group)));
      Run run = new Run(from, alike(volumes, from, Math.min(best, count - from)));
      runs.add(run);
      from += run.count();
    }
    return runs;
  }

  /** How many rows from here on run together without too much padding. */
  private static int alike(long[] volumes, int from, int most) {
    long largest = volumes[from];
    long sum = largest;
    for (int n = 1; n < most; n++) {
      sum += volumes[from + n];
      long padded = largest * (n + 1);
      if (padded - sum > padded / PADDING_PART) {
        return n;
      }
    }
    return most;
  }

  private static long[] volumes(Layout layout, EncodedRow[] rows, int count) {
    long[] volumes = new long[count];
    Arrays.setAll(volumes, i -> layout.volume(rows[i]));
    return volumes;
  }
}

package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.internal.run.Batches.Run;
import io.vivace.core.internal.schedule.Sizing;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final Layout OPEN = layout(Shape.ANY);
  private static final Layout CLOSED = layout(5);

  private static Layout layout(long length) {
    Preprocessor<float[]> codec = new PredictorTest.Rows(length);
    TensorSpec input = TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, length);
    List<String> faults = new ArrayList<>();
    Layout layout = Layout.match(codec, new Signature(List.of(input), List.of()), faults);
    assertThat(faults).isEmpty();
    return layout;
  }

  private static EncodedRow[] rows(int... lengths) {
    return IntStream.of(lengths)
        .mapToObj(length -> new PredictorTest.Rows(Shape.ANY).encode(new float[length]))
        .toArray(EncodedRow[]::new);
  }

  @Test
  void order_openRows_areLargestFirstAndEqualOnesStayInOrder() {
    assertThat(Batches.order(OPEN, rows(3, 9, 3, 20), 4)).containsExactly(3, 1, 0, 2);
    assertThat(Batches.order(CLOSED, rows(5, 5, 5), 3)).containsExactly(0, 1, 2);
  }

  /** Sizes that cost this much for each row beside a fixed part, measured at length 8. */
  private static Sizing sizing(long fixed, long perRow) {
    Sizing sizing = Sizing.adaptive(64, () -> 0, () -> 0);
    for (int size = 1; size <= 64; size *= 2) {
      sizing.calibrate(Sizing.group(8), size, fixed + size * perRow);
      sizing.calibrate(Sizing.group(8), size, fixed + size * perRow);
      sizing.calibrate(0, size, fixed + size * perRow);
      sizing.calibrate(0, size, fixed + size * perRow);
    }
    sizing.calibrate(Sizing.group(8), 64, fixed + 64 * perRow);
    return sizing;
  }

  @Test
  void cut_closedRows_fillRunsToTheLimit() {
    EncodedRow[] rows = rows(new int[10]);
    Sizing sizing = sizing(1_000, 100);
    assertThat(Batches.cut(CLOSED, rows, 10, 4, 1, sizing))
        .containsExactly(new Run(0, 4), new Run(4, 4), new Run(8, 2));
    assertThat(Batches.cut(CLOSED, rows, 10, 64, 2, sizing))
        .containsExactly(new Run(0, 5), new Run(5, 5));
    assertThat(Batches.cut(CLOSED, rows, 0, 4, 1, sizing)).isEmpty();
  }

  @Test
  void cut_openRows_padAtMostASixteenth() {
    // 16 + 15 of 32: one padded, fine. 16 + 15 + 13 of 48: four padded, more than three.
    assertThat(Batches.cut(OPEN, rows(16, 15, 13, 13), 4, 64, 1, sizing(1_000, 1)))
        .containsExactly(new Run(0, 2), new Run(2, 2));
  }

  @Test
  void cut_rowsThatGainNothingTogether_runAlone() {
    EncodedRow[] rows = rows(IntStream.generate(() -> 8).limit(100).toArray());
    assertThat(Batches.cut(OPEN, rows, 100, 64, 1, sizing(0, 1_000_000))).hasSize(100);
    assertThat(Batches.cut(OPEN, rows, 100, 64, 1, sizing(1_000_000, 1_000_000)))
        .as("16 rows take 17/16 ms each, 64 not 5 %% less")
        .hasSize(7);
    assertThat(Batches.cut(OPEN, rows, 100, 64, 1, sizing(1_000_000, 1)))
        .containsExactly(new Run(0, 64), new Run(64, 36));
  }

  @Test
  void cut_lengthThatNeverRan_takesAsManyElementsAsTheKnownOne() {
    EncodedRow[] rows = rows(IntStream.generate(() -> 32).limit(16).toArray());
    assertThat(Batches.cut(OPEN, rows, 16, 64, 1, sizing(1_000_000, 1_000_000)))
        .as("16 rows of 8 are 4 rows of 32")
        .hasSize(4);
  }
}

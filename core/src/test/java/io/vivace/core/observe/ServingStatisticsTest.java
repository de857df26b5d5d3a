package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.InferenceException.Code;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServingStatisticsTest {
  private static final ModelVersion MODEL = new ModelVersion("m", "1", "Stub", "cpu");

  private final ServingStatistics statistics = new ServingStatistics();

  @Test
  void summary_countsEveryEnd() {
    statistics.completed(MODEL, 10, 100);
    statistics.completed(MODEL, 20, 300);
    statistics.failed(MODEL, Code.ENGINE, 5);
    statistics.cancelled(MODEL, 5);
    statistics.cancelled(MODEL, 5);
    statistics.shed(MODEL, ShedReason.DEADLINE_PASSED, 5);
    ServingSummary summary = statistics.summary();
    assertThat(summary.ended()).isEqualTo(6);
    assertThat(summary.completed()).isEqualTo(2);
    assertThat(summary.failed()).isEqualTo(Map.of(Code.ENGINE, 1L));
    assertThat(summary.cancelled()).isEqualTo(2);
    assertThat(summary.shed()).isEqualTo(Map.of(ShedReason.DEADLINE_PASSED, 1L));
    assertThat(summary.total().maxNanos()).isEqualTo(300);
    assertThat(summary.queue().p50Nanos()).isEqualTo(10);
  }

  @Test
  void summary_ofBatches_tellsMeanAndFill() {
    statistics.ran(MODEL, 3, 4, 1, 50, 1);
    statistics.ran(MODEL, 5, 8, 1, 70, 1);
    statistics.runFailed(MODEL, 5, new IllegalStateException());
    statistics.zombieBegan(MODEL);
    statistics.zombieBegan(MODEL);
    statistics.zombieEnded(MODEL, 3);
    statistics.swapped(MODEL, MODEL, 1);
    ServingSummary summary = statistics.summary();
    assertThat(summary.meanBatch()).isEqualTo(4);
    assertThat(summary.fill()).isEqualTo(8 / 12.0);
    assertThat(summary.run().count()).isEqualTo(2);
    assertThat(summary.failedRuns()).isEqualTo(1);
    assertThat(summary.zombieRuns()).isEqualTo(2);
    assertThat(summary.zombiesNow()).isEqualTo(1);
    assertThat(summary.swaps()).isEqualTo(1);
  }

  @Test
  void summary_ofNothing_isNaN() {
    assertThat(statistics.summary().meanBatch()).isNaN();
    assertThat(statistics.summary().fill()).isNaN();
    assertThat(statistics.summary().ended()).isZero();
  }
}

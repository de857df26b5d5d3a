package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vivace.core.InferenceException.Code;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MicrometerMetricsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final MicrometerMetrics metrics = new MicrometerMetrics(registry);

  @Test
  void batch_isTimedSizedAndTagged() {
    ModelVersion model = version(1);
    metrics.opened(model);
    metrics.ran(model, 3, 4, 100, 5_000, 20);
    metrics.ran(model, 8, 8, 300, 7_000, 40);
    assertThat(timer("vivace.assemble", "1").totalTime(TimeUnit.NANOSECONDS)).isEqualTo(400);
    assertThat(timer("vivace.run", "1").totalTime(TimeUnit.NANOSECONDS)).isEqualTo(12_000);
    assertThat(timer("vivace.run", "1").count()).isEqualTo(2);
    assertThat(timer("vivace.split", "1").totalTime(TimeUnit.NANOSECONDS)).isEqualTo(60);
    assertThat(registry.get("vivace.batch.size").summary().max()).isEqualTo(8);
    assertThat(registry.get("vivace.batch.fill").summary().totalAmount())
        .isCloseTo(1.75, within(1e-12));
    assertThat(
            registry
                .get("vivace.run")
                .tags("predictor", "m", "version", "1", "engine", "Stub", "device", "cpu")
                .timer())
        .isNotNull();
  }

  @Test
  void requests_areTimedAndCountedByWhatBecameOfThem() {
    ModelVersion model = version(1);
    metrics.queued(model, 7);
    metrics.completed(model, 10, 30);
    metrics.completed(model, 0, 20);
    metrics.failed(model, Code.ENGINE, 50);
    metrics.failed(model, Code.ENGINE, 50);
    metrics.failed(model, Code.INVALID_INPUT, 50);
    metrics.cancelled(model, 5);
    metrics.shed(model, ShedReason.QUEUE_FULL, 0);
    metrics.shed(model, ShedReason.DEADLINE_PASSED, 9);
    metrics.shed(model, ShedReason.DEADLINE_PASSED, 9);
    metrics.runFailed(model, 4, new IllegalStateException());
    assertThat(registry.get("vivace.pending").summary().max()).isEqualTo(7);
    assertThat(timer("vivace.queue", "1").totalTime(TimeUnit.NANOSECONDS)).isEqualTo(10);
    assertThat(timer("vivace.total", "1").totalTime(TimeUnit.NANOSECONDS)).isEqualTo(50);
    assertThat(timer("vivace.total", "1").count()).isEqualTo(2);
    assertThat(count("vivace.failed", "code", "ENGINE")).isEqualTo(2);
    assertThat(count("vivace.failed", "code", "INVALID_INPUT")).isEqualTo(1);
    assertThat(count("vivace.shed", "reason", "QUEUE_FULL")).isEqualTo(1);
    assertThat(count("vivace.shed", "reason", "DEADLINE_PASSED")).isEqualTo(2);
    assertThat(count("vivace.cancelled", "version", "1")).isEqualTo(1);
    assertThat(count("vivace.run.failures", "version", "1")).isEqualTo(1);
  }

  @Test
  void zombies_areCountedAndAGaugeTellsThoseThatStillRun() {
    ModelVersion model = version(1);
    metrics.zombieBegan(model);
    metrics.zombieBegan(model);
    metrics.zombieEnded(model, 100);
    assertThat(count("vivace.zombie.runs", "version", "1")).isEqualTo(2);
    assertThat(registry.get("vivace.zombie.active").gauge().value()).isEqualTo(1);
  }

  @Test
  void swapsFallbacksAndBreaker_areThePredictorsOwn() {
    metrics.swapped(version(1), version(2), 5);
    metrics.swapFailed(version(2), new IllegalStateException());
    metrics.swapFailed(version(2), new IllegalStateException());
    metrics.fellBack("m", Code.OVERLOADED);
    metrics.breakerOpened("m");
    assertThat(count("vivace.swaps", "outcome", "success")).isEqualTo(1);
    assertThat(count("vivace.swaps", "outcome", "failure")).isEqualTo(2);
    assertThat(count("vivace.fallbacks", "code", "OVERLOADED")).isEqualTo(1);
    assertThat(registry.get("vivace.breaker.open").tag("predictor", "m").gauge().value())
        .isEqualTo(1);
    metrics.breakerClosed("m");
    assertThat(registry.get("vivace.breaker.open").gauge().value()).isZero();
  }

  @Test
  void manySwaps_keepTheMetersOfTheLastVersionsOnly() {
    metrics.opened(version(1));
    for (int v = 1; v < 200; v++) {
      metrics.completed(version(v), 0, v);
      metrics.shed(version(v), ShedReason.QUEUE_FULL, 0);
      metrics.swapped(version(v), version(v + 1), 1);
      metrics.closed(version(v));
    }
    assertThat(versions()).containsExactly("196", "197", "198", "199", "200");
    assertThat(registry.getMeters().size()).isLessThan(5 * 20);
    metrics.completed(version(3), 0, 1); // a late one of a version long gone
    assertThat(versions()).hasSize(5).contains("200", "3");
    metrics.swapped(version(200), version(201), 1);
    assertThat(versions()).hasSize(5).contains("200", "201");
  }

  @Test
  void moreOpenVersionsThanMetersOfTheirOwn_shareOthers() {
    for (int v = 1; v <= 8; v++) {
      metrics.opened(version(v));
      metrics.completed(version(v), 0, v);
    }
    assertThat(versions()).containsExactly("1", "2", "3", "4", "5", "other");
    assertThat(timer("vivace.total", "other").count()).isEqualTo(3);
  }

  @Test
  void morePredictorsThanMetersOfTheirOwn_shareOthers_untilOneIsClosed() {
    for (int p = 0; p < 110; p++) {
      metrics.opened(predictor(p));
      metrics.completed(predictor(p), 0, 1);
    }
    assertThat(tags("predictor")).hasSize(101).contains("other");
    metrics.closed(predictor(7));
    metrics.opened(predictor(200));
    metrics.completed(predictor(200), 0, 1);
    assertThat(tags("predictor")).hasSize(101).contains("p200").doesNotContain("p7");
  }

  private static ModelVersion version(int number) {
    return new ModelVersion("m", String.valueOf(number), "Stub", "cpu");
  }

  private static ModelVersion predictor(int number) {
    return new ModelVersion("p" + number, "1", "Stub", "cpu");
  }

  private Timer timer(String name, String version) {
    return registry.get(name).tag("version", version).timer();
  }

  private double count(String name, String tag, String value) {
    return registry.get(name).tag(tag, value).counter().count();
  }

  private Set<String> versions() {
    return tags("version");
  }

  private Set<String> tags(String key) {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .map(id -> id.getTag(key))
        .filter(value -> value != null)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

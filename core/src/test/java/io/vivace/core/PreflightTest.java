package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.Preflight.ThreadBudget;
import io.vivace.core.spi.EngineReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreflightTest {
  private static final EngineReport READY =
      new EngineReport(
          "Quick",
          true,
          "1.2",
          "quick.jar",
          List.of("cpu", "gpu:0"),
          "passed",
          List.of(),
          List.of());
  private static final EngineReport MISSING =
      new EngineReport(
          "Slow",
          false,
          "",
          "",
          List.of(),
          "",
          List.of("slow-native 2.0, 90 MB"),
          List.of("no native library; add slow-native"));

  private static Preflight of(EngineReport... engines) {
    return new Preflight(
        "17",
        "Linux amd64",
        8,
        List.of(new ThreadBudget("Quick", 4, 2)),
        List.of(engines),
        false,
        List.of("engine Slow: no native library; add slow-native", "engine Odd was found 2 times"));
  }

  @Test
  void toText_tellsAllThereIs() {
    assertThat(of(READY, MISSING).toText().lines())
        .containsExactly(
            "java        17",
            "system      Linux amd64",
            "processors  8",
            "telemetry   off",
            "engine      Quick",
            "  version   1.2",
            "  library   quick.jar",
            "  devices   cpu, gpu:0",
            "  threads   4 runs at a time, threads each: 2",
            "  self-test passed",
            "engine      Slow: NOT AVAILABLE",
            "  download  slow-native 2.0, 90 MB",
            "problem     engine Slow: no native library; add slow-native",
            "problem     engine Odd was found 2 times");
  }

  @Test
  void isReady_needsOneEngine() {
    assertThat(of(READY, MISSING).isReady()).isTrue();
    assertThat(of(MISSING).isReady()).isFalse();
    assertThat(of().isReady()).isFalse();
    assertThat(of(READY, MISSING).isReady("Quick")).isTrue();
    assertThat(of(READY, MISSING).isReady("Slow")).isFalse();
    assertThat(of(READY, MISSING).isReady("Unknown")).isFalse();
    assertThat(of(READY, MISSING).downloads()).containsExactly("slow-native 2.0, 90 MB");
  }

  @Test
  void run_looksAtThisProcess() {
    Preflight preflight = Preflight.run();

    assertThat(preflight.processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(preflight.java()).contains(System.getProperty("java.vm.version"));
    assertThat(preflight.system()).contains(System.getProperty("os.arch"));
    assertThat(preflight.djlTelemetry()).isFalse();
    assertThat(preflight.engines()).extracting(EngineReport::engine).contains("Stub");
  }
}

package io.vivace.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DjlTelemetryTest {
  private @Nullable String before;

  @BeforeEach
  void clear() {
    assumeThat(System.getenv(DjlTelemetry.OPT_OUT)).isNull();
    before = System.clearProperty(DjlTelemetry.OPT_OUT);
  }

  @AfterEach
  void restore() {
    System.clearProperty(DjlTelemetry.OPT_OUT);
    if (before != null) {
      System.setProperty(DjlTelemetry.OPT_OUT, before);
    }
  }

  @Test
  void off_undecided_optsOut() {
    DjlTelemetry.off();

    // The very test that DJL makes before it reports its use.
    assertThat(Boolean.parseBoolean(ai.djl.util.Utils.getEnvOrSystemProperty("OPT_OUT_TRACKING")))
        .isTrue();
    assertThat(DjlTelemetry.isOn()).isFalse();
  }

  @Test
  void off_userWantsItOn_leavesIt() {
    System.setProperty(DjlTelemetry.OPT_OUT, "false");

    DjlTelemetry.off();

    assertThat(System.getProperty(DjlTelemetry.OPT_OUT)).isEqualTo("false");
    assertThat(DjlTelemetry.isOn()).isTrue();
  }
}

package io.vivace.core.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LimitedWarningTest {
  private final List<String> logged = new ArrayList<>();
  private final Logger log =
      (Logger)
          Proxy.newProxyInstance(
              Logger.class.getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                Object[] values = (Object[]) arguments[1];
                logged.add(method.getName() + " " + values[0] + values[1] + " " + values[2]);
                return null;
              });

  @Test
  void warn_againWithinTheInterval_isCountedAndToldNextTime() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // the clock may overflow
    LimitedWarning warning = new LimitedWarning(log, Duration.ofNanos(100), now::get);
    warning.warn(() -> "slow", null);
    warning.warn(() -> "slow", null);
    now.addAndGet(99);
    warning.warn(() -> "slow", null);
    assertThat(logged).containsExactly("warn slow null");
    now.addAndGet(1);
    warning.warn(() -> "slow", new IllegalStateException("why"));
    assertThat(logged.get(1))
        .isEqualTo(
            "warn slow (and 2 more like it since the last warning)"
                + " java.lang.IllegalStateException: why");
    now.addAndGet(100);
    warning.warn(() -> "slow", null);
    assertThat(logged.get(2)).isEqualTo("warn slow null");
  }
}

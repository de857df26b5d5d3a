package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.InferenceException.Code;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class WarningLogTest {
  private static final ModelVersion MODEL = new ModelVersion("m", "1", "Stub", "cpu");

  private final List<String> logged = new ArrayList<>();
  private final WarningLog log =
      new WarningLog(
          (Logger)
              Proxy.newProxyInstance(
                  Logger.class.getClassLoader(),
                  new Class<?>[] {Logger.class},
                  (proxy, method, arguments) -> {
                    logged.add(method.getName() + Arrays.deepToString(arguments));
                    return null;
                  }));

  @Test
  void flood_ofOneKind_isOneWarning() {
    for (int i = 0; i < 1_000; i++) {
      log.shed(MODEL, ShedReason.QUEUE_FULL, 0);
      log.shed(MODEL, ShedReason.DEADLINE_PASSED, 0);
      log.shed(MODEL, ShedReason.CLOSED, 0);
      log.zombieBegan(MODEL);
      log.fellBack("m", Code.ENGINE);
    }
    assertThat(logged).hasSize(4).allMatch(line -> line.startsWith("warn"));
    assertThat(logged.get(0)).contains("predictor m turned a request away: QUEUE_FULL");
    assertThat(logged.get(1)).contains("DEADLINE_PASSED");
  }

  @Test
  void changesOfVersion_areToldEachTime() {
    log.swapFailed(MODEL, new IllegalStateException("no file"));
    log.swapped(MODEL, new ModelVersion("m", "2", "Stub", "gpu:0"), 3_000_000);
    assertThat(logged.get(0)).startsWith("warn").contains("version 1", "no file");
    assertThat(logged.get(1)).startsWith("info").contains("version 2 (Stub on gpu:0)", "3.0");
  }
}

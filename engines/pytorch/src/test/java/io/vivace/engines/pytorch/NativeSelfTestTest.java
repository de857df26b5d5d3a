package io.vivace.engines.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vivace.core.ModelLoadException;
import io.vivace.engines.pytorch.PyTorchOptions.SelfTest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NativeSelfTestTest {
  private static final Optional<String> FAULT = Optional.of("a convolution is off by 12");

  private boolean sick;
  private boolean curable = true;
  private int tests;
  private int cures;

  private final NativeSelfTest selfTest = new NativeSelfTest(cases -> test(), this::cure);

  private Optional<String> test() {
    tests++;
    return sick ? FAULT : Optional.empty();
  }

  private boolean cure() {
    cures++;
    sick = sick && !curable;
    return true;
  }

  @Test
  void ensure_soundLibrary_testsOnceAndCuresNothing() {
    selfTest.ensure(SelfTest.AUTO);
    selfTest.ensure(SelfTest.AUTO);
    assertThat(selfTest.verdict()).isEqualTo("passed");
    assertThat(tests).isEqualTo(1);
    assertThat(cures).isZero();
  }

  @Test
  void ensure_unsoundLibrary_curesOnceAndSaysWhy() {
    sick = true;
    selfTest.ensure(SelfTest.AUTO);
    selfTest.ensure(SelfTest.AUTO);
    selfTest.ensure(SelfTest.CURE);
    assertThat(selfTest.verdict()).contains("off by 12", "oneDNN", "switched off; passed");
    assertThat(tests).isEqualTo(2);
    assertThat(cures).isEqualTo(1);
  }

  @Test
  void ensure_cureDoesNotHelp_failsEachTimeWithTheReason() {
    sick = true;
    curable = false;
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(ModelLoadException.class)
          .isThrownBy(() -> selfTest.ensure(SelfTest.AUTO))
          .withMessageContaining("off by 12")
          .withMessageContaining("SKIP");
    }
    assertThat(selfTest.verdict()).isEmpty();
  }

  @Test
  void ensure_cureNotPossible_failsWithTheReason() {
    NativeSelfTest helpless = new NativeSelfTest(cases -> FAULT, () -> false);
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> helpless.ensure(SelfTest.AUTO))
        .withMessageContaining("not possible here");
  }

  @Test
  void ensure_skip_doesNothing() {
    sick = true;
    selfTest.ensure(SelfTest.SKIP);
    assertThat(selfTest.verdict()).isEmpty();
    assertThat(tests).isZero();
  }

  @Test
  void ensure_cureAskedForAfterPassing_cures() {
    selfTest.ensure(SelfTest.AUTO);
    selfTest.ensure(SelfTest.CURE);
    assertThat(cures).isEqualTo(1);
    assertThat(selfTest.verdict()).contains("as was asked for", "passed");
  }
}

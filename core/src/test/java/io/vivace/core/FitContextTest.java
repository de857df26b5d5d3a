package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.data.Dataset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FitContextTest {
  private final FitContext<String, Integer> defaults = FitContext.defaults();

  @Test
  void defaults_everyOption_hasTheDocumentedValue() {
    assertThat(defaults.validation()).isEmpty();
    assertThat(defaults.seed()).isEqualTo(42);
    assertThat(defaults.stopSignal().isRequested()).isFalse();
    assertThatCode(() -> defaults.progress().report(new Progress.Step("epoch", 1, 1, Map.of())))
        .doesNotThrowAnyException();
    assertThat(defaults)
        .hasToString("FitContext[validation=none, seed=42, progress=none, stopSignal=never]");
  }

  @Test
  void options_changed_leaveTheContextAsItWas() {
    Dataset<String, Integer> data = Dataset.of(List.of("a"), List.of(1));
    FitContext<String, Integer> changed =
        defaults.validation(data).seed(7).stopSignal(() -> true).progress(step -> {});
    assertThat(changed.validation()).containsSame(data);
    assertThat(changed.seed()).isEqualTo(7);
    assertThat(changed.stopSignal().isRequested()).isTrue();
    assertThat(defaults.validation()).isEmpty();
    assertThat(defaults.seed()).isEqualTo(42);
    assertThat(defaults.stopSignal().isRequested()).isFalse();
  }

  @Test
  void progress_listenerThatThrows_doesNotReachTheEstimator() {
    FitContext<String, Integer> context =
        defaults.progress(
            step -> {
              throw new IllegalStateException("a listener's fault, expected in this test");
            });
    assertThatCode(() -> context.progress().report(new Progress.Step("epoch", 1, 2, Map.of())))
        .doesNotThrowAnyException();
  }

  @Test
  @SuppressWarnings("DataFlowIssue")
  void options_null_areRefusedAtOnce() {
    assertThatNullPointerException().isThrownBy(() -> defaults.validation(null));
    assertThatNullPointerException().isThrownBy(() -> defaults.progress(null));
    assertThatNullPointerException().isThrownBy(() -> defaults.stopSignal(null));
  }

  @Test
  void stopSignal_requested_throwsWhenAsked() {
    AtomicBoolean stopped = new AtomicBoolean();
    StopSignal signal = stopped::get;
    assertThatCode(signal::throwIfRequested).doesNotThrowAnyException();
    stopped.set(true);
    assertThatThrownBy(signal::throwIfRequested).isInstanceOf(CancellationException.class);
  }

  @Test
  void stopSignal_or_isGivenByEither() {
    AtomicBoolean trial = new AtomicBoolean();
    AtomicBoolean search = new AtomicBoolean();
    StopSignal either = StopSignal.never().or(trial::get).or(search::get);
    assertThat(either.isRequested()).isFalse();
    search.set(true);
    assertThat(either.isRequested()).isTrue();
    search.set(false);
    trial.set(true);
    assertThat(either.isRequested()).isTrue();
  }
}

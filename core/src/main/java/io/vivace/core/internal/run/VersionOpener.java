package io.vivace.core.internal.run;

import io.vivace.core.Predictor;
import io.vivace.core.model.ModelSource;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens one version after the other by one plan. All of them go by the name of the first. */
final class VersionOpener<I, O> {
  private final Plan<I, O> plan;
  private final InferenceListener listener;
  private @Nullable String name;

  VersionOpener(Plan<I, O> plan, ModelSource first) {
    this.name = plan.name;
    this.plan = plan.forVersion(first, 1, plan.name);
    this.listener = plan.listener;
  }

  /** Opens a model, checks it against the codecs and warms it up. One thread at a time. */
  Predictor<I, O> open(ModelSource source, int number) {
    Predictor<I, O> predictor = Assembly.assemble(plan.forVersion(source, number, name));
    name = versionOf(predictor).predictor();
    return predictor;
  }

  void swapped(Predictor<I, O> before, Predictor<I, O> after, long nanos) {
    events().swapped(versionOf(before), versionOf(after), nanos);
  }

  void swapFailed(Predictor<I, O> serving, Throwable error) {
    events().swapFailed(versionOf(serving), error);
  }

  private InferenceListener events() {
    return InferenceListener.all(List.of(plan.warnings, listener));
  }

  private static ModelVersion versionOf(Predictor<?, ?> predictor) {
    return ((Observed) predictor).modelVersion();
  }
}

package io.vivace.optimize;

import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.PassContext;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a pipeline needs beside its steps. */
record PipelineOptions(
    PassContext context,
    OnnxLimits limits,
    @Nullable Iterable<Map<String, Tensor>> samples,
    boolean isChecked,
    Duration timing) {
  private static final Duration TIMING = Duration.ofMillis(300);

  PipelineOptions {
    Objects.requireNonNull(limits, "limits");
    if (timing.isNegative()) {
      throw new IllegalArgumentException("the time must not be negative, but was " + timing);
    }
  }

  static PipelineOptions defaults() {
    return new PipelineOptions(PassContext.defaults(), OnnxLimits.standard(), null, true, TIMING);
  }

  PipelineOptions context(PassContext changed) {
    return new PipelineOptions(changed, limits, samples, isChecked, timing);
  }

  PipelineOptions limits(OnnxLimits changed) {
    return new PipelineOptions(context, changed, samples, isChecked, timing);
  }

  PipelineOptions samples(Iterable<Map<String, Tensor>> changed) {
    return new PipelineOptions(
        context, limits, Objects.requireNonNull(changed, "inputs"), isChecked, timing);
  }

  PipelineOptions unchecked() {
    return new PipelineOptions(context, limits, samples, false, timing);
  }

  PipelineOptions timing(Duration changed) {
    return new PipelineOptions(context, limits, samples, isChecked, changed);
  }
}

package io.vivace.optimize.quantize;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Float16;
import io.vivace.core.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Runs a model file in an engine. */
final class ModelRun {
  private ModelRun() {}

  /** The first output of each sample. */
  static List<float[]> outputs(Path file, List<Map<String, Tensor>> samples) {
    EngineProvider engine = ServiceLoader.load(EngineProvider.class).iterator().next();
    List<float[]> outputs = new ArrayList<>();
    try (LoadedModel model =
            engine.open(
                ModelArtifact.of(file.toString(), file, ModelFormat.ONNX),
                engine.defaultOptions());
        ExecutionContext context = model.newContext()) {
      for (Map<String, Tensor> sample : samples) {
        List<TensorSpec> specs = new ArrayList<>();
        for (TensorSpec input : model.signature().inputs()) {
          Tensor tensor = sample.get(input.name());
          specs.add(new TensorSpec(input.name(), tensor.type(), tensor.shape()));
        }
        List<Tensor> buffers = context.prepare(specs);
        for (int i = 0; i < specs.size(); i++) {
          buffers.get(i).data().put(sample.get(specs.get(i).name()).data());
        }
        outputs.add(floats(context.run().get(0)));
      }
    }
    return outputs;
  }

  private static float[] floats(Tensor output) {
    if (output.type() != ElementType.FLOAT16) {
      return output.toFloats();
    }
    float[] values = new float[output.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float16.toFloat(output.data().getShort(i * Short.BYTES));
    }
    return values;
  }

  static double signalToNoise(List<float[]> wanted, List<float[]> found) {
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < wanted.size(); i++) {
      for (int j = 0; j < wanted.get(i).length; j++) {
        double x = wanted.get(i)[j];
        signal += x * x;
        noise += (x - found.get(i)[j]) * (x - found.get(i)[j]);
      }
    }
    return 10 * Math.log10(signal / noise);
  }

  /** Share of samples whose largest output is at the same place. */
  static double agreement(List<float[]> wanted, List<float[]> found) {
    int same = 0;
    for (int i = 0; i < wanted.size(); i++) {
      same += largest(wanted.get(i)) == largest(found.get(i)) ? 1 : 0;
    }
    return (double) same / wanted.size();
  }

  static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}

package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;

/** Runs an encoder over sentences and compares the mean vectors with those of the float model. */
public final class SentenceVectors {
  private static final int WIDTH = 384;

  private SentenceVectors() {}

  /** The mean cosine between a model and the float one over committed sentences. */
  public static double meanCosine(Path model, int from, int to) {
    List<Map<String, Tensor>> sentences = CompressionTest.sentences().subList(from, to);
    List<float[]> wanted = vectors(TestModels.file(TestModels.MINILM), sentences);
    List<float[]> found = vectors(model, sentences);
    double sum = 0;
    for (int i = 0; i < wanted.size(); i++) {
      sum += cosine(wanted.get(i), found.get(i));
    }
    return sum / wanted.size();
  }

  /** The tokens of the committed sentences. */
  public static List<Map<String, Tensor>> sentences() {
    return CompressionTest.sentences();
  }

  /** The raw outputs of a model, token by token. */
  public static List<float[]> outputs(Path model, List<Map<String, Tensor>> sentences) {
    EngineProvider engine = ServiceLoader.load(EngineProvider.class).iterator().next();
    List<float[]> outputs = new ArrayList<>();
    try (ModelArtifact artifact = ModelSource.path(model).resolve();
        LoadedModel loaded = engine.open(artifact, engine.defaultOptions());
        ExecutionContext context = loaded.newContext()) {
      for (Map<String, Tensor> sentence : sentences) {
        List<TensorSpec> specs = new ArrayList<>();
        for (TensorSpec input : loaded.signature().inputs()) {
          Tensor tensor = Objects.requireNonNull(sentence.get(input.name()));
          specs.add(new TensorSpec(input.name(), tensor.type(), tensor.shape()));
        }
        List<Tensor> buffers = context.prepare(specs);
        for (int i = 0; i < buffers.size(); i++) {
          buffers.get(i).data().put(sentence.get(specs.get(i).name()).data());
        }
        outputs.add(context.run().get(0).toFloats());
      }
    }
    return outputs;
  }

  private static List<float[]> vectors(Path model, List<Map<String, Tensor>> sentences) {
    return outputs(model, sentences).stream().map(SentenceVectors::mean).toList();
  }

  private static float[] mean(float[] tokens) {
    float[] mean = new float[WIDTH];
    for (int i = 0; i < tokens.length; i++) {
      mean[i % WIDTH] += tokens[i];
    }
    return mean;
  }

  private static double cosine(float[] x, float[] y) {
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (double) x[i] * y[i];
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
    }
    return xy / Math.sqrt(xx * yy);
  }
}

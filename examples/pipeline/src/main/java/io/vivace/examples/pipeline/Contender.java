package io.vivace.examples.pipeline;

import io.vivace.core.Predictor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.evaluate.Candidate;
import java.nio.file.Path;

/**
 * A model file that stands for choice, open on ONNX Runtime.
 *
 * @param name what tables call it
 * @param file the ONNX file
 * @param predictor gives scores before the softmax
 */
record Contender(String name, Path file, Predictor<float[], float[]> predictor)
    implements AutoCloseable {
  static Contender open(String name, Path file, Preprocessor<float[]> input) {
    Predictor<float[], float[]> scores =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(input)
            .output(VectorOutput.floats())
            .build();
    return new Contender(name, file, scores);
  }

  Candidate<float[], float[]> candidate() {
    return Candidate.<float[], float[]>of(name, predictor).source(ModelSource.path(file));
  }

  @Override
  public void close() {
    predictor.close();
  }
}

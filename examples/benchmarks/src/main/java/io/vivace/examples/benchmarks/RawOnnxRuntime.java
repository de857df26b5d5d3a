package io.vivace.examples.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime's Java API without anything around it, on digits-mlp. */
final class RawOnnxRuntime implements AutoCloseable {
  private static final int CLASSES = 10;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final FloatBuffer input;
  private final FloatBuffer output;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;
  private final int rows;
  private final float[] answer;

  RawOnnxRuntime(Path model, int rows) throws OrtException {
    this.rows = rows;
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    this.session = environment.createSession(model.toString(), options);
    this.input = direct(rows * Models.DIGIT_PIXELS);
    this.output = direct(rows * CLASSES);
    long[] shape = {rows, Models.DIGIT_PIXELS};
    this.inputs = Map.of("input", OnnxTensor.createTensor(environment, input, shape));
    long[] answers = {rows, CLASSES};
    this.outputs = Map.of("logits", OnnxTensor.createTensor(environment, output, answers));
    this.answer = new float[rows * CLASSES];
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** The floor: tensors made once over direct buffers, for input and output. */
  float[] pinned(float[] row) throws OrtException {
    input.put(0, row);
    session.run(inputs, Set.of(), outputs).close();
    output.get(0, answer);
    return answer;
  }

  /** A batch made by hand: rows copied into one direct buffer, answers copied out row by row. */
  float[][] pinnedBatch(List<float[]> batch) throws OrtException {
    for (int i = 0; i < rows; i++) {
      input.put(i * Models.DIGIT_PIXELS, batch.get(i));
    }
    float[][] answers = new float[rows][CLASSES];
    session.run(inputs, Set.of(), outputs).close();
    for (int i = 0; i < rows; i++) {
      output.get(i * CLASSES, answers[i]);
    }
    return answers;
  }

  /** As the documentation shows it: a fresh tensor, and the answer through {@code getValue}. */
  float[][] documented(float[] row) throws OrtException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, new float[][] {row});
        OrtSession.Result result = session.run(Map.of("input", tensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  @Override
  public void close() throws OrtException {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    session.close();
  }
}

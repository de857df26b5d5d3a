package io.vivace.examples.benchmarks;

import ai.onnxruntime.OnnxJavaType;
import io.vivace.core.model.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * How the items of a model lie in the memory of a batch, for harnesses that talk to ONNX Runtime
 * themselves.
 *
 * @param <I> the type of the items
 */
interface RawRows<I> {
  /** An input: its name, its type and the shape of a row. */
  record Input(String name, OnnxJavaType type, Shape row) {}

  List<Input> inputs();

  String output();

  /** The shape of a row of the output. */
  long[] outputRow();

  void write(List<ByteBuffer> inputs, int row, I item);

  float[] read(FloatBuffer output, int row);

  /** One input of floats, one output of floats. */
  static RawRows<float[]> floats(int classes, long... row) {
    int size = (int) size(row);
    return new RawRows<>() {
      @Override
      public List<Input> inputs() {
        return List.of(new Input("input", OnnxJavaType.FLOAT, Shape.of(row)));
      }

      @Override
      public String output() {
        return "logits";
      }

      @Override
      public long[] outputRow() {
        return new long[] {classes};
      }

      @Override
      public void write(List<ByteBuffer> inputs, int at, float[] item) {
        inputs.get(0).asFloatBuffer().put(at * size, item);
      }

      @Override
      public float[] read(FloatBuffer output, int at) {
        float[] answer = new float[classes];
        output.get(at * classes, answer);
        return answer;
      }
    };
  }

  /** Token ids of one length; the mean of the tokens' vectors, normalized. */
  static RawRows<long[]> tokens(int length, int width) {
    return new RawRows<>() {
      private final long[] ones = filled(length, 1);
      private final long[] zeros = filled(length, 0);

      @Override
      public List<Input> inputs() {
        return List.of(
            new Input("input_ids", OnnxJavaType.INT64, Shape.of(length)),
            new Input("attention_mask", OnnxJavaType.INT64, Shape.of(length)),
            new Input("token_type_ids", OnnxJavaType.INT64, Shape.of(length)));
      }

      @Override
      public String output() {
        return "last_hidden_state";
      }

      @Override
      public long[] outputRow() {
        return new long[] {length, width};
      }

      @Override
      public void write(List<ByteBuffer> inputs, int at, long[] item) {
        inputs.get(0).asLongBuffer().put(at * length, item);
        inputs.get(1).asLongBuffer().put(at * length, ones);
        inputs.get(2).asLongBuffer().put(at * length, zeros);
      }

      @Override
      public float[] read(FloatBuffer output, int at) {
        return pooled(output, at * length * width, length, width);
      }
    };
  }

  private static float[] pooled(FloatBuffer output, int from, int length, int width) {
    float[] token = new float[width];
    float[] mean = new float[width];
    for (int t = 0; t < length; t++) {
      output.get(from + t * width, token);
      for (int i = 0; i < width; i++) {
        mean[i] += token[i];
      }
    }
    double squares = 0;
    for (float value : mean) {
      squares += (double) value * value;
    }
    float norm = (float) Math.sqrt(squares);
    for (int i = 0; i < width; i++) {
      mean[i] /= norm;
    }
    return mean;
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    java.util.Arrays.fill(values, value);
    return values;
  }

  static long size(long... row) {
    long size = 1;
    for (long dimension : row) {
      size *= dimension;
    }
    return size;
  }
}

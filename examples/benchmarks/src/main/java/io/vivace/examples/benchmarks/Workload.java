package io.vivace.examples.benchmarks;

import ai.onnxruntime.OrtException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.RowWriter;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model with items for it, as everybody runs it. Texts come as token ids, so that nobody is timed
 * while he tokenizes.
 *
 * @param name how figures name it
 * @param file the model
 * @param rows how items lie in memory, for peers
 * @param items what is asked
 * @param builder ours, with nothing tuned
 * @param <I> the type of the items
 */
record Workload<I>(
    String name,
    Path file,
    RawRows<I> rows,
    List<I> items,
    Supplier<PredictorBuilder<I, float[]>> builder) {
  private static final int ITEMS = 512;
  private static final int WIDTH = 384;

  static Workload<float[]> digits() {
    return floats("digits-mlp", Models.DIGITS_ONNX, 10, Shape.of(64));
  }

  static Workload<float[]> fashion() {
    return floats("fashion-cnn", Models.FASHION_ONNX, 10, Shape.of(1, 28, 28));
  }

  private static Workload<float[]> floats(String name, String resource, int classes, Shape row) {
    Path file = Models.file(resource);
    long[] dimensions = row.toArray();
    Random random = new Random(42);
    List<float[]> items =
        Stream.generate(() -> pixels(random, (int) RawRows.size(dimensions))).limit(ITEMS).toList();
    return new Workload<>(
        name,
        file,
        RawRows.floats(classes, dimensions),
        items,
        () ->
            Predictor.builder()
                .model(ModelSource.path(file))
                .input(VectorInput.floats(row))
                .output(VectorOutput.floats()));
  }

  private static float[] pixels(Random random, int size) {
    float[] pixels = new float[size];
    for (int i = 0; i < size; i++) {
      pixels[i] = random.nextInt(17) / 16f;
    }
    return pixels;
  }

  static Workload<long[]> minilm(int length) {
    Path file = Models.file(Models.MINILM);
    Random random = new Random(42);
    List<long[]> items =
        IntStream.range(0, ITEMS)
            .mapToObj(i -> random.longs(length, 1_000, 29_000).toArray())
            .toList();
    return new Workload<>(
        "minilm-" + length,
        file,
        RawRows.tokens(length, WIDTH),
        items,
        () ->
            Predictor.builder()
                .model(ModelSource.path(file))
                .input(new Tokens(length))
                .output(EmbeddingOutput.meanPooled().normalized()));
  }

  Service<I> ours() {
    return new VivaceService<>(builder.get().executor(Runnable::run).build());
  }

  RawSession<I> raw() throws OrtException {
    return new RawSession<>(file, rows);
  }

  /** Token ids of one length, all of them to be looked at. */
  private record Tokens(int length) implements Preprocessor<long[]> {
    @Override
    public List<TensorSpec> tensors() {
      return List.of(
          TensorSpec.of("input_ids", ElementType.INT64, length),
          TensorSpec.of("attention_mask", ElementType.INT64, length),
          TensorSpec.of("token_type_ids", ElementType.INT64, length));
    }

    @Override
    public EncodedRow encode(long[] ids) {
      return (tensor, out) -> write(tensor, out, ids);
    }

    private static void write(int tensor, RowWriter out, long[] ids) {
      if (tensor == 0) {
        out.putLongs(ids);
      } else {
        for (int i = 0; i < ids.length; i++) {
          out.putLong(i, tensor == 1 ? 1 : 0);
        }
      }
    }
  }
}

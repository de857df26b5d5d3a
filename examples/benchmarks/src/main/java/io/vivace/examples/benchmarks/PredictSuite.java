package io.vivace.examples.benchmarks;

import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** One caller, one item. */
final class PredictSuite implements Suite {
  private static final int ROUNDS = 61;

  @Override
  public String name() {
    return "predict";
  }

  @Override
  public String description() {
    return "one caller, one item: latency, allocation, native memory";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    onnx(figures);
    torchScript(figures);
    sentence(figures);
    allocation(figures);
    nativeMemory(figures);
  }

  static Predictor<float[], float[]> digits(String resource) {
    return Predictor.builder()
        .model(ModelSource.path(Models.file(resource)))
        .input(VectorInput.floats(Models.DIGIT_PIXELS))
        .output(VectorOutput.floats())
        .build();
  }

  private void onnx(Consumer<Figure> figures) throws Exception {
    Path file = Models.file(Models.DIGITS_ONNX);
    float[] row = Models.digits(1).get(0);
    try (Predictor<float[], float[]> ours = digits(Models.DIGITS_ONNX);
        RawOnnxRuntime raw = new RawOnnxRuntime(file, 1);
        DjlPeer djl = new DjlPeer("OnnxRuntime", file)) {
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> ours.predict(row))
              .add("ort-pinned", () -> raw.pinned(row))
              .add("ort-documented", () -> raw.documented(row))
              .add("djl-predictor", () -> djl.predict(row))
              .run();
      figures.accept(micros("digits-mlp-onnx", race, "ort-pinned"));
      double above = race.micros("ours") - race.micros("ort-pinned");
      figures.accept(Figure.lower(name(), "digits-mlp-onnx-above-floor", above, 0.5, "us", "bar"));
      figures.accept(micros("digits-mlp-onnx", race, "ort-documented"));
      figures.accept(micros("digits-mlp-onnx", race, "djl-predictor"));
    }
  }

  private void torchScript(Consumer<Figure> figures) throws Exception {
    Path file = Models.file(Models.DIGITS_TORCH);
    float[] row = Models.digits(1).get(0);
    try (Predictor<float[], float[]> ours = digits(Models.DIGITS_TORCH);
        DjlPeer djl = new DjlPeer("PyTorch", file)) {
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> ours.predict(row))
              .add("djl-predictor", () -> djl.predict(row))
              .run();
      figures.accept(micros("digits-mlp-torchscript", race, "djl-predictor"));
    }
  }

  private void sentence(Consumer<Figure> figures) throws Exception {
    AllMiniLmL6V2EmbeddingModel peer = new AllMiniLmL6V2EmbeddingModel();
    try (Predictor<String, float[]> ours = Sentences.embedder()) {
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> ours.predict(Sentences.SHORT))
              .add("langchain4j", () -> peer.embed(Sentences.SHORT).content().vector())
              .run();
      figures.accept(micros("minilm-short-sentence", race, "langchain4j"));
    }
  }

  private void allocation(Consumer<Figure> figures) throws Exception {
    AllocationBenchmark.Bytes bytes = AllocationBenchmark.measure();
    double ours = bytes.ours() - AllocationBenchmark.ANSWER_BYTES;
    figures.accept(
        Figure.lower(
            name(), "digits-mlp-onnx-heap", ours, bytes.raw(), "bytes/call", "ort-pinned"));
    figures.accept(
        Figure.lower(
            name(),
            "digits-mlp-onnx-heap-above-floor",
            ours - bytes.raw(),
            64,
            "bytes/call",
            "bar"));
  }

  private void nativeMemory(Consumer<Figure> figures) throws Exception {
    if (!NativeMemory.isMeasurable()) {
      System.err.println("native memory: skipped, this system does not tell the resident size");
      return;
    }
    for (String model : List.of(Models.FASHION_ONNX, Models.FASHION_TORCH)) {
      String figure = model.endsWith(".onnx") ? "onnx" : "torchscript";
      double slope = NativeMemory.slope(model);
      figures.accept(
          new Figure(
              name(),
              "fashion-cnn-" + figure + "-load-predict-close-growth",
              slope,
              1,
              "KB/round",
              1 / Math.max(slope, 0.001),
              "bar"));
    }
  }

  private Figure micros(String figure, Race race, String peer) {
    return Figure.lower(name(), figure, race.micros("ours"), race.micros(peer), "us", peer);
  }
}

package io.vivace.examples.benchmarks;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.vivace.core.Predictor;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** One caller, 64 items in a call. */
final class BatchSuite implements Suite {
  private static final int ROUNDS = 61;
  private static final int SENTENCE_ROUNDS = 15;
  private static final int ROWS = 64;

  @Override
  public String name() {
    return "batch";
  }

  @Override
  public String description() {
    return "one caller, 64 items in a call";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    onnx(figures);
    torchScript(figures);
    sentences(figures);
  }

  private void onnx(Consumer<Figure> figures) throws Exception {
    Path file = Models.file(Models.DIGITS_ONNX);
    List<float[]> rows = Models.digits(ROWS);
    try (Predictor<float[], float[]> ours = PredictSuite.digits(Models.DIGITS_ONNX);
        RawOnnxRuntime raw = new RawOnnxRuntime(file, ROWS);
        DjlPeer djl = new DjlPeer("OnnxRuntime", file)) {
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> ours.predictAll(rows))
              .add("ort-one-batch", () -> raw.pinnedBatch(rows))
              .add("djl-batch-predict", () -> djl.batchPredict(rows))
              .run();
      figures.accept(micros("digits-mlp-onnx-64-rows", race, "ort-one-batch"));
      figures.accept(micros("digits-mlp-onnx-64-rows", race, "djl-batch-predict"));
    }
  }

  private void torchScript(Consumer<Figure> figures) throws Exception {
    Path file = Models.file(Models.DIGITS_TORCH);
    List<float[]> rows = Models.digits(ROWS);
    try (Predictor<float[], float[]> ours = PredictSuite.digits(Models.DIGITS_TORCH);
        DjlPeer djl = new DjlPeer("PyTorch", file)) {
      Race race =
          new Race(ROUNDS)
              .add("ours", () -> ours.predictAll(rows))
              .add("djl-batch-predict", () -> djl.batchPredict(rows))
              .run();
      figures.accept(micros("digits-mlp-torchscript-64-rows", race, "djl-batch-predict"));
    }
  }

  private void sentences(Consumer<Figure> figures) throws Exception {
    List<String> texts = Sentences.mixed(ROWS);
    List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
    AllMiniLmL6V2EmbeddingModel peer = new AllMiniLmL6V2EmbeddingModel();
    try (Predictor<String, float[]> ours = Sentences.embedder()) {
      Race race =
          new Race(SENTENCE_ROUNDS)
              .add("ours", () -> ours.predictAll(texts))
              .add("langchain4j", () -> peer.embedAll(segments).content())
              .run();
      figures.accept(micros("minilm-64-sentences", race, "langchain4j"));
    }
  }

  private Figure micros(String figure, Race race, String peer) {
    return Figure.lower(name(), figure, race.micros("ours"), race.micros(peer), "us", peer);
  }
}

package io.vivace.examples.pipeline;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.codec.Classification;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.FeatureTransform;
import io.vivace.core.model.ModelSource;
import io.vivace.evaluate.Comparison;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.latency.Resource;
import io.vivace.evaluate.select.Verdict;
import io.vivace.optimize.ModelSize;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, on few images: what comes out of each stage, not how good it is. */
class PipelineTest {
  private static final List<String> MODELS =
      List.of(
          "dense",
          "student",
          "narrow",
          "sparse",
          "packed",
          "dense int8",
          "student int8",
          "narrow int8");

  @TempDir static Path folder;
  private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
  private static Pipeline.Result result;

  @BeforeAll
  static void run() throws IOException {
    result =
        Pipeline.run(
            Settings.fast(), folder, new PrintStream(PRINTED, true, StandardCharsets.UTF_8));
  }

  private static long bytes(String name) throws IOException {
    return Files.size(folder.resolve(name));
  }

  private static ModelSize size(String name) {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(folder.resolve(name)))) {
      return ModelSize.of(model);
    }
  }

  @Test
  void everyStage_printsItsTable() {
    String text = PRINTED.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .containsSubsequence(
            "prepare",
            "validation ",
            "train with early stopping",
            "| 1 |",
            "search",
            "trial 2",
            "first guess (baseline)",
            "distil",
            "without a teacher",
            "prune",
            "narrow, untuned",
            "sparse, untuned",
            "share",
            "as a container",
            "quantize",
            "narrow int8",
            "compare",
            "select",
            "limit of the median latency",
            "serve",
            "answered 200, failed {}, turned away {}",
            "test images");
  }

  @Test
  void parts_doNotOverlap_andScalingIsSaved() throws IOException {
    assertThat(FeatureTransform.load(folder.resolve("scaling.json")).features()).isEqualTo(784);
    assertThat(result.comparison().row("dense").examples()).isEqualTo(160);
    assertThat(result.test().row("dense").examples()).isEqualTo(200);
  }

  @Test
  void compression_keepsWhatItPromises() throws IOException {
    assertThat(size("narrow.onnx").macs()).isLessThan(size("dense.onnx").macs() * 35 / 100);
    assertThat(bytes("narrow.onnx")).isLessThan(bytes("dense.onnx") * 35 / 100);
    assertThat(bytes("dense-int8.onnx")).isLessThan(bytes("dense.onnx") * 35 / 100);
    assertThat(bytes("packed.onnx")).isLessThan(bytes("dense.onnx") / 8);
    assertThat(bytes("packed.vivace")).isLessThan(bytes("packed.onnx"));
    assertThat(zeros("sparse.onnx")).isBetween(0.799, 0.81);
    assertThat(zeros("shared-tuned.onnx")).isBetween(0.799, 0.81);
    assertThat(mostValues("shared-tuned.onnx")).isBetween(3L, 16L);
  }

  private static double zeros(String name) {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(folder.resolve(name)))) {
      double zeros = 0;
      double all = 0;
      for (LayerWeight layer : LayerWeight.of(model.graph())) {
        for (float value : layer.weight().floats()) {
          zeros += value == 0 ? 1 : 0;
          all++;
        }
      }
      return zeros / all;
    }
  }

  private static long mostValues(String name) {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(folder.resolve(name)))) {
      return LayerWeight.of(model.graph()).stream()
          .mapToLong(layer -> distinct(layer.weight().floats()))
          .max()
          .orElse(0);
    }
  }

  private static long distinct(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).distinct().count();
  }

  @Test
  void comparison_testsEveryModelAgainstTheDenseOne() {
    MetricTable table = result.comparison();
    assertThat(table.names()).containsExactlyElementsOf(MODELS);
    assertThat(table.baseline()).isEqualTo("dense");
    for (String name : MODELS) {
      Comparison comparison = table.cell(name, ACCURACY).comparison();
      assertThat(comparison == null).isEqualTo(name.equals("dense"));
      assertThat(table.cell(name, ACCURACY).interval().isDefined()).isTrue();
      assertThat(table.cell(name, Resource.P50_LATENCY.column()).value()).isPositive();
    }
  }

  @Test
  void winner_keepsTheLimit_orTheDenseModelServes() {
    Verdict verdict = result.verdict();
    if (verdict.chosen().isEmpty()) {
      assertThat(result.winner()).hasFileName("dense.onnx");
      assertThat(PRINTED.toString(StandardCharsets.UTF_8)).contains("no model was chosen");
      return;
    }
    double limit = 0.9 * result.comparison().cell("dense", Resource.P50_LATENCY.column()).value();
    assertThat(
            result
                .comparison()
                .cell(verdict.chosen().get(), Resource.P50_LATENCY.column())
                .interval()
                .upper())
        .isLessThanOrEqualTo(limit + 1);
    assertThat(result.winner()).hasFileName(verdict.chosen().get().replace(' ', '-') + ".onnx");
  }

  @Test
  void served_equalsTheWinner() throws IOException {
    Dataset<float[], Integer> images = Images.test().slice(0, 200);
    FeatureTransform scaling = FeatureTransform.load(folder.resolve("scaling.json"));
    try (Contender winner =
        Contender.open(
            "winner",
            result.winner(),
            io.vivace.core.codec.VectorInput.floats(io.vivace.core.model.Shape.of(1, 28, 28))
                .after((float[] pixels) -> scaling.apply(pixels)))) {
      List<float[]> scores = winner.predictor().predictAll(images.inputs());
      for (int i = 0; i < scores.size(); i++) {
        assertThat(result.answers().get(i).top().index()).isEqualTo(largest(scores.get(i)));
      }
    }
    double right = right(images, result.answers());
    String name = result.verdict().chosen().orElse("dense");
    assertThat(right / images.size()).isEqualTo(result.test().cell(name, ACCURACY).value());
  }

  private static int largest(float[] scores) {
    return IntStream.range(0, scores.length)
        .reduce((a, b) -> scores[b] > scores[a] ? b : a)
        .orElseThrow();
  }

  private static double right(Dataset<float[], Integer> images, List<Classification> answers) {
    return IntStream.range(0, images.size())
        .filter(i -> answers.get(i).top().index() == images.labels().get(i))
        .count();
  }
}

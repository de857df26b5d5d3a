package io.vivace.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.factorize.FactorizationPlan;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.CalibratedPruning;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPlan;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.train.block.BlockCompression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Code of the README on compression, line by line, on a small network of convolutions. */
class ReadmeCompressionTest {
  private static final Logger log = LoggerFactory.getLogger(ReadmeCompressionTest.class);

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void copyModel() throws IOException {
    model = folder.resolve("fashion-cnn.onnx");
    try (InputStream in = FashionClassifier.class.getResourceAsStream("fashion-cnn.onnx")) {
      Files.copy(Objects.requireNonNull(in), model);
    }
  }

  private static List<float[]> images(int count) throws IOException {
    return FashionClassifier.images().slice(0, count).inputs();
  }

  private static List<Map<String, Tensor>> samples(int count) throws IOException {
    return images(count).stream()
        .map(image -> Map.of("input", Tensor.of(image, 1, 1, 28, 28)))
        .toList();
  }

  @Test
  void quantization_ofTheReadme_runs() throws IOException {
    List<float[]> images = images(64);
    Path small = folder.resolve("small.onnx");
    Path smaller = folder.resolve("smaller.onnx");
    ModelSource source = ModelSource.path(model);

    List<Map<String, Tensor>> samples =
        images.stream()
            .map(image -> Map.of("input", Tensor.of(image, 1, 1, 28, 28)))
            .toList(); // a hundred are plenty
    CompressionReport integers =
        Compression.of(source)
            .quantize(Quantization.staticInt8(samples))
            .samples(samples) // what the report compares the outputs on
            .saveTo(small);
    CompressionReport blocks =
        Compression.of(source)
            .quantize(Quantization.weightOnly().bits(4).gptq(samples))
            .saveTo(smaller);

    log.info("integers {}, blocks {}", integers.toText(), blocks.sizeRatio());
    assertThat(integers.sizeRatio()).isLessThan(0.3);
    assertThat(blocks.sizeRatio()).isLessThan(1);
  }

  @Test
  void channels_ofTheReadme_areRemoved() {
    Path narrow = folder.resolve("narrow.onnx");
    ModelSource source = ModelSource.path(model);

    StructuralPruning half = StructuralPruning.l2().ratio(0.5).multipleOf(8);
    CompressionReport report = Compression.of(source).prune(half).saveTo(narrow);
    try (ModelGraph graph = ModelGraph.open(source)) {
      StructuralPlan plan = half.plan(graph, PassContext.defaults());
      plan.groups().forEach(group -> log.info("{}", group));
      plan.refusals().forEach(refused -> log.info("stays: {}", refused));
      assertThat(plan.groups()).isNotEmpty();
      assertThat(plan.refusals()).isNotEmpty();
    }

    log.info("{} of the size", report.sizeRatio());
    assertThat(report.sizeRatio()).isLessThan(0.3);
  }

  @Test
  void formats_ofTheReadme_areCompressed() throws IOException {
    Path target = folder.resolve("target.pt");
    Path torchScript = folder.resolve("fashion-cnn.pt");
    try (InputStream in = FashionClassifier.class.getResourceAsStream("fashion-cnn.pt")) {
      Files.copy(Objects.requireNonNull(in), torchScript);
    }
    List<Map<String, Tensor>> samples = samples(50);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Block block = Linear.builder().setUnits(64).build();
      block.initialize(manager, DataType.FLOAT32, new ai.djl.ndarray.types.Shape(1, 128));

      CompressionReport report =
          Compression.of(ModelSource.path(torchScript))
              .share(WeightSharing.kMeans(16)) // or prune(...), or pass(Rounding.bits(8))
              .samples(samples) // the file does not state its inputs
              .saveTo(target);
      BlockCompression.of(block).prune(Pruning.magnitude().sparsity(0.5)).apply();
      Block thin = BlockCompression.factorized(block, Factorization.size(0.5));

      log.info("{}", report.toText());
      assertThat(report.differences().get(0).cosine()).isGreaterThan(0.98);
      assertThat(thin.getChildren()).hasSize(2);
    }
  }

  @Test
  void factors_ofTheReadme_areSmaller() {
    Path thin = folder.resolve("thin.onnx");
    ModelSource source = ModelSource.path(model);

    Factorization factors = Factorization.size(0.5);
    CompressionReport report = Compression.of(source).factorize(factors).saveTo(thin);
    try (ModelGraph graph = ModelGraph.open(source)) {
      FactorizationPlan plan = factors.plan(graph, PassContext.defaults());
      plan.layers().forEach(layer -> log.info("{}", layer));
      assertThat(plan.ranks()).isNotEmpty();
    }

    assertThat(report.sizeRatio()).isLessThan(0.6);
  }

  @Test
  void packedFile_ofTheReadme_isSmallAndAnswers() throws IOException {
    List<Map<String, Tensor>> samples = samples(64);
    float[] pixels = images(1).get(0);
    Path packed = folder.resolve("packed.onnx");
    Path container = folder.resolve("packed.vvp");
    ModelSource source = ModelSource.path(model);

    CompressionReport report =
        Compression.of(source)
            .prune(CalibratedPruning.wanda(samples).sparsity(0.5))
            .share(WeightSharing.kMeans(16))
            .pack(Packing.standard()) // the last step
            .saveTo(packed); // opens in any ONNX Runtime
    PackedContainer.write(ModelSource.path(packed), container); // opens in Vivace only
    try (Predictor<float[], float[]> predictor =
        Predictor.builder()
            .model(ModelSource.path(container))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(VectorOutput.floats())
            .build()) {
      assertThat(predictor.predict(pixels)).hasSize(10);
    }

    log.info("packed {}", report.sizeRatio());
    assertThat(report.sizeRatio()).isLessThan(0.2);
    assertThat(Files.size(container)).isLessThan(Files.size(packed));
  }
}

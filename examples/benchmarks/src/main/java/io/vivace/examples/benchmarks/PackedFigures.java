package io.vivace.examples.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.share.WeightSharing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Packed files of a sentence encoder of 90 MB beside the plain ones: bytes, time to load by ONNX
 * Runtime itself and from the container, latency. All with one thread.
 */
final class PackedFigures {
  private static final String SUITE = "compress";
  private static final int LOADS = 11;
  private static final int RUNS = 101;
  private static final int TOKENS = 16;

  private PackedFigures() {}

  static void run(Consumer<Figure> figures) throws Exception {
    Compression original = Compression.of(ModelSource.path(Models.file(Models.MINILM)));
    measure(
        figures,
        "90-percent-sparse-8-bit",
        original.pass(Pruning.magnitude().sparsity(0.9).tables()).pass(WeightSharing.kMeans(256)));
    measure(figures, "dense-4-bit", original.pass(WeightSharing.kMeans(16)));
    measure(
        figures,
        "50-percent-sparse-8-bit",
        original.pass(Pruning.magnitude().sparsity(0.5).tables()).pass(WeightSharing.kMeans(256)));
  }

  private static void measure(Consumer<Figure> figures, String name, Compression compression)
      throws Exception {
    Path folder = Objects.requireNonNull(Models.file(Models.MINILM).getParent());
    Path plain = folder.resolve(name + "-plain.onnx");
    Path packed = folder.resolve(name + "-packed.onnx");
    Path container = folder.resolve(name + ".vvp");
    compression.saveTo(plain);
    Compression.of(ModelSource.path(plain)).pack(Packing.standard()).saveTo(packed);
    PackedContainer.write(ModelSource.path(packed), container);
    size(figures, name + "-file", packed, plain);
    size(figures, name + "-container", container, plain);
    load(figures, name, plain, packed, container);
    latency(figures, name, plain, packed);
    Files.delete(plain);
  }

  private static void size(Consumer<Figure> figures, String name, Path ours, Path plain)
      throws Exception {
    figures.accept(
        Figure.lower(
            SUITE,
            "minilm-" + name,
            Files.size(ours) / 1e6,
            Files.size(plain) / 1e6,
            "MB",
            "plain-file"));
  }

  private static void load(
      Consumer<Figure> figures, String name, Path plain, Path packed, Path container)
      throws Exception {
    double[] theirs = new double[LOADS];
    double[] stock = new double[LOADS];
    double[] ours = new double[LOADS];
    for (int i = 0; i < LOADS; i++) {
      theirs[i] = loadMillis(ModelSource.path(plain));
      stock[i] = loadMillis(ModelSource.path(packed));
      ours[i] = loadMillis(ModelSource.path(container));
    }
    double peer = Race.median(theirs);
    figures.accept(
        Figure.lower(
            SUITE, "minilm-" + name + "-load", Race.median(stock), peer, "ms", "plain-file"));
    figures.accept(
        Figure.lower(
            SUITE,
            "minilm-" + name + "-container-load",
            Race.median(ours),
            peer,
            "ms",
            "plain-file"));
  }

  private static double loadMillis(ModelSource source) throws OrtException {
    long begin = System.nanoTime();
    try (ModelArtifact artifact = source.resolve();
        OrtSession session = open(artifact.path())) {
      Race.sink = session.getInputNames();
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  private static OrtSession open(Path model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(model.toString(), options);
    }
  }

  private static void latency(Consumer<Figure> figures, String name, Path plain, Path packed)
      throws Exception {
    Map<String, OnnxTensor> inputs = inputs();
    try (OrtSession small = open(packed);
        OrtSession large = open(plain)) {
      Race race =
          new Race(RUNS)
              .add("packed", () -> answer(small, inputs))
              .add("plain", () -> answer(large, inputs))
              .run();
      figures.accept(
          Figure.lower(
              SUITE,
              "minilm-" + name + "-latency",
              race.micros("packed"),
              race.micros("plain"),
              "us",
              "plain-file"));
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static Object answer(OrtSession session, Map<String, OnnxTensor> inputs)
      throws OrtException {
    try (OrtSession.Result result = session.run(inputs)) {
      return result.get(0).getInfo();
    }
  }

  private static Map<String, OnnxTensor> inputs() throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] ids = new long[TOKENS];
    Arrays.setAll(ids, i -> 2_000 + 37L * i);
    long[] ones = new long[TOKENS];
    Arrays.fill(ones, 1);
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, new long[][] {ids}));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, new long[][] {ones}));
    inputs.put(
        "token_type_ids", OnnxTensor.createTensor(environment, new long[][] {new long[TOKENS]}));
    return inputs;
  }
}

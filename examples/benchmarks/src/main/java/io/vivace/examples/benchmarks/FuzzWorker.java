package io.vivace.examples.benchmarks;

import io.vivace.core.InferenceException;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.BatchNormFolding;
import io.vivace.optimize.graph.ConstantFolding;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.DuplicateWeights;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Compresses damaged files in a JVM of its own and prints a line of each. */
final class FuzzWorker {
  static final String REFUSED = "refused";
  static final String LOADED = "loaded";

  /** Messages shorter than this help nobody. */
  private static final int SHORTEST_MESSAGE = 20;

  private final FuzzMutation mutation;
  private final Path file;
  private final Path target;
  private final List<List<GraphPass>> pipelines;

  private FuzzWorker(Path model, Path folder) throws IOException {
    this.mutation = new FuzzMutation(Files.readAllBytes(model));
    this.file = folder.resolve("damaged.onnx");
    this.target = folder.resolve("target.onnx");
    this.pipelines =
        List.of(
            List.of(Quantization.dynamicInt8()),
            List.of(
                OpsetConversion.atLeast(18),
                new ConstantFolding(),
                new BatchNormFolding(),
                new DuplicateWeights(),
                new DeadCode()),
            List.of(
                Pruning.magnitude().sparsity(0.5), WeightSharing.kMeans(16), Packing.standard()),
            List.of(StructuralPruning.l2().ratio(0.25)),
            List.of(Quantization.weightOnly()),
            List.of(Factorization.energy(0.9)),
            List.of(
                new BatchNormFolding(),
                Quantization.staticInt8(
                    List.of(Map.of("input", Tensor.of(new float[28 * 28], 1, 1, 28, 28))))));
  }

  /**
   * Runs.
   *
   * @param args the model, a folder, the first seed and the one after the last
   * @throws IOException if the folder cannot be used
   */
  public static void main(String[] args) throws IOException {
    FuzzWorker worker = new FuzzWorker(Path.of(args[0]), Path.of(args[1]));
    for (int seed = Integer.parseInt(args[2]); seed < Integer.parseInt(args[3]); seed++) {
      System.out.println("end " + worker.outcome(seed));
    }
  }

  private String outcome(int seed) throws IOException {
    byte[] damaged = mutation.apply(seed);
    Files.write(file, damaged);
    try {
      Compression pipeline = Compression.of(ModelSource.path(file)).timing(Duration.ZERO);
      for (GraphPass pass : pipelines.get(seed % pipelines.size())) {
        pipeline = pipeline.pass(pass);
      }
      pipeline.saveTo(target);
    } catch (InferenceException | GraphException e) {
      return refused(e, damaged);
    } catch (IllegalArgumentException e) {
      return isOfSample(e) ? refused(e, damaged) : fault(e);
    } catch (Throwable e) { // what must not happen is counted
      return fault(e);
    }
    return Files.deleteIfExists(target) ? LOADED + rest(damaged) : "wrote nothing";
  }

  /** The calibration sample is for the model as it was. */
  private static boolean isOfSample(IllegalArgumentException e) {
    return String.valueOf(e.getMessage()).startsWith("sample ");
  }

  private String refused(Exception e, byte[] damaged) throws IOException {
    boolean clear = e.getMessage() != null && e.getMessage().length() >= SHORTEST_MESSAGE;
    return clear ? REFUSED + rest(damaged) : fault(e);
  }

  private static String fault(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e.toString().replaceAll("\\s+", " ") + (trace.length > 0 ? " at " + trace[0] : "");
  }

  /** Nothing may be left but the input as it was. */
  private String rest(byte[] damaged) throws IOException {
    try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
      List<Path> left = files.toList();
      boolean clean =
          left.equals(List.of(file)) && Arrays.equals(Files.readAllBytes(file), damaged);
      return clean ? "" : " but left " + left;
    }
  }
}

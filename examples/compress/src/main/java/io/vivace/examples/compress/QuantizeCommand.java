package io.vivace.examples.compress;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.quantize.DynamicQuantization;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.StaticQuantization;
import io.vivace.optimize.quantize.WeightOnlyQuantization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "quantize",
    description = {
      "Fewer bits: weights of 8 bits and activations while the model runs (DYNAMIC, for matrix"
          + " products), both with scales from calibration data (STATIC, for convolutions), or"
          + " weights of 2, 4 or 8 bits in blocks (WEIGHTS). ONNX files only."
    },
    mixinStandardHelpOptions = true)
final class QuantizeCommand implements Callable<Integer> {
  /** What is quantized, and when. */
  enum Mode {
    DYNAMIC,
    STATIC,
    WEIGHTS
  }

  /** How the ranges of activations are chosen. */
  enum Ranges {
    MINMAX,
    ENTROPY,
    PERCENTILE,
    MSE
  }

  @Mixin private Work work = new Work();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Mode mode = Mode.DYNAMIC;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "Data for STATIC, and for WEIGHTS with --gptq: like --samples, but other examples.")
  private @Nullable Path calibration;

  @Option(
      names = "--ranges",
      paramLabel = "WAY",
      description = "Of STATIC: ${COMPLETION-CANDIDATES}. Default: MINMAX.")
  private @Nullable Ranges ranges;

  @Option(names = "--bits", paramLabel = "N", description = "Of WEIGHTS: 2, 4 or 8. Default: 4.")
  private @Nullable Integer bits;

  @Option(
      names = "--block",
      paramLabel = "N",
      description = "Of WEIGHTS: how many share a scale, 16 to 256. Default: 32.")
  private @Nullable Integer block;

  @Option(names = "--gptq", description = "Of WEIGHTS: round with calibration data.")
  private boolean gptq;

  @Option(names = "--per-tensor", description = "One scale per matrix, not one per column.")
  private boolean perTensor;

  @Option(names = "--unsigned", description = "Unsigned weights.")
  private boolean unsigned;

  @Option(
      names = "--full-range",
      description = "All eight bits: for processors with VNNI, and ARM.")
  private boolean fullRange;

  @Option(names = "--exclude", paramLabel = "NODE", description = "A node that stays as it is.")
  private List<String> excluded = List.of();

  @Override
  public Integer call() {
    requireFits();
    Quantization pass =
        switch (mode) {
          case DYNAMIC -> dynamic();
          case STATIC -> calibrated(data());
          case WEIGHTS -> weights();
        };
    work.run(compression -> compression.quantize(pass));
    return 0;
  }

  private void requireFits() {
    boolean blocks = bits != null || block != null || gptq;
    boolean scales = perTensor || unsigned || fullRange;
    require(!blocks || mode == Mode.WEIGHTS, "--bits, --block and --gptq are of --mode weights");
    require(ranges == null || mode == Mode.STATIC, "--ranges is of --mode static");
    require(
        !scales || mode != Mode.WEIGHTS,
        "--per-tensor, --unsigned and --full-range are not of --mode weights");
    boolean needsData = mode == Mode.STATIC || gptq;
    require(
        needsData == (calibration != null),
        "--mode static and --gptq need --calibration FILE; other modes take none");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  private List<Map<String, Tensor>> data() {
    return work.samples().read(Objects.requireNonNull(calibration), work.source());
  }

  private DynamicQuantization dynamic() {
    DynamicQuantization pass = Quantization.dynamicInt8();
    pass = perTensor ? pass.perTensor() : pass;
    pass = unsigned ? pass.unsignedWeights() : pass;
    pass = fullRange ? pass.fullRange() : pass;
    return pass.exclude(excluded.toArray(String[]::new));
  }

  private StaticQuantization calibrated(List<Map<String, Tensor>> data) {
    StaticQuantization pass = Quantization.staticInt8(data);
    pass = ranges == null ? pass : pass.calibration(calibration(ranges));
    pass = perTensor ? pass.perTensor() : pass;
    pass = unsigned ? pass.unsignedWeights() : pass;
    pass = fullRange ? pass.fullRange() : pass;
    return pass.exclude(excluded.toArray(String[]::new));
  }

  private static Calibration calibration(Ranges way) {
    return switch (way) {
      case MINMAX -> Calibration.minMax();
      case ENTROPY -> Calibration.entropy();
      case PERCENTILE -> Calibration.percentile(99.99);
      case MSE -> Calibration.squaredError();
    };
  }

  private WeightOnlyQuantization weights() {
    WeightOnlyQuantization pass = Quantization.weightOnly();
    pass = bits == null ? pass : pass.bits(bits);
    pass = block == null ? pass : pass.blockSize(block);
    pass = gptq ? pass.gptq(data()) : pass;
    return pass.exclude(excluded.toArray(String[]::new));
  }
}

package io.vivace.examples.compress;

import io.vivace.optimize.factorize.ConvolutionFactors;
import io.vivace.optimize.factorize.Factorization;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "factorize",
    description =
        "Replaces layers by products of thinner ones where that saves weights. ONNX files only.",
    mixinStandardHelpOptions = true)
final class FactorizeCommand implements Callable<Integer> {
  private static final double ENERGY = 0.99;

  @Mixin private Work work = new Work();

  @Option(
      names = "--energy",
      paramLabel = "SHARE",
      description = "Of the squared singular values that each layer keeps. Default: 0.99.")
  private @Nullable Double energy;

  @Option(
      names = "--size",
      paramLabel = "SHARE",
      description = "Of its weights that each layer keeps at most, instead of --energy.")
  private @Nullable Double size;

  @Option(
      names = "--error",
      paramLabel = "ERROR",
      description =
          "Of a layer that is allowed, relative; layers are replaced where that is measured to be"
              + " faster. Instead of --energy.")
  private @Nullable Double error;

  @Option(
      names = "--convolutions",
      paramLabel = "WAY",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ConvolutionFactors convolutions = ConvolutionFactors.TUCKER;

  @Option(names = "--exclude", paramLabel = "WEIGHT", description = "A tensor that stays.")
  private List<String> excluded = List.of();

  @Override
  public Integer call() {
    Factorization pass =
        target().convolutions(convolutions).exclude(excluded.toArray(String[]::new));
    work.run(compression -> compression.factorize(pass));
    return 0;
  }

  private Factorization target() {
    long given =
        DoubleStream.of(value(energy), value(size), value(error))
            .filter(value -> !Double.isNaN(value))
            .count();
    if (given > 1) {
      throw new IllegalArgumentException("only one of --energy, --size and --error can be given");
    }
    if (size != null) {
      return Factorization.size(size);
    }
    return error == null
        ? Factorization.energy(energy == null ? ENERGY : energy)
        : Factorization.measured(error);
  }

  private static double value(@Nullable Double given) {
    return given == null ? Double.NaN : given;
  }
}

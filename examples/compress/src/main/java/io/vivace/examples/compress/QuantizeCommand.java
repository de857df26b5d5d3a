package io.vivace.examples.compress;

import io.vivace.optimize.quantize.DynamicQuantization;
import io.vivace.optimize.quantize.Quantization;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "quantize",
    description = "Weights in 8 bits, activations while the model runs. For matrix products.",
    mixinStandardHelpOptions = true)
final class QuantizeCommand implements Callable<Integer> {
  @Mixin private Work work = new Work();

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
    DynamicQuantization pass = Quantization.dynamicInt8();
    pass = perTensor ? pass.perTensor() : pass;
    pass = unsigned ? pass.unsignedWeights() : pass;
    pass = fullRange ? pass.fullRange() : pass;
    DynamicQuantization chosen = pass.exclude(excluded.toArray(String[]::new));
    work.run(compression -> compression.quantize(chosen));
    return 0;
  }
}

package io.vivace.examples.compress;

import io.vivace.optimize.quantize.Rounding;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "round",
    description = "Rounds weights to few bits, or to float16, and leaves them floats in the file.",
    mixinStandardHelpOptions = true)
final class RoundCommand implements Callable<Integer> {
  @Mixin private Work work = new Work();

  @Option(
      names = "--bits",
      paramLabel = "N",
      description = "2 to 16, a grid per channel. Default: float16.")
  private @Nullable Integer bits;

  @Option(names = "--per-tensor", description = "One grid per tensor.")
  private boolean perTensor;

  @Option(names = "--exclude", paramLabel = "WEIGHT", description = "A tensor that stays.")
  private List<String> excluded = List.of();

  @Override
  public Integer call() {
    Rounding pass = bits == null ? Rounding.float16() : Rounding.bits(bits);
    pass = perTensor ? pass.perTensor() : pass;
    Rounding chosen = pass.exclude(excluded.toArray(String[]::new));
    work.run(compression -> compression.pass(chosen));
    return 0;
  }
}

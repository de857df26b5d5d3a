package io.vivace.examples.compress;

import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPruning;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "prune",
    description = {
      "Sets weights to 0. Shapes stay, and so does the size of the file; but see --channels.",
    },
    mixinStandardHelpOptions = true)
final class PruneCommand implements Callable<Integer> {
  /** What decides which weights go. */
  enum Method {
    MAGNITUDE,
    GLOBAL,
    RANDOM
  }

  @Mixin private Work work = new Work();

  @Option(
      names = "--sparsity",
      paramLabel = "SHARE",
      description = "How many weights go, from 0 to 1. Default: 0.5.")
  private @Nullable Double sparsity;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Method method = Method.MAGNITUDE;

  @Option(
      names = "--keep",
      paramLabel = "N:M",
      description = "Keep the N largest of each M neighbours, as 2:4, instead of --sparsity.")
  private @Nullable String groups;

  @Option(
      names = "--channels",
      paramLabel = "SHARE",
      description =
          "Removes the weakest channels and neurons instead, which makes the model smaller and"
              + " faster. ONNX files only.")
  private @Nullable Double channels;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Of the random method. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(names = "--exclude", paramLabel = "WEIGHT", description = "A tensor that stays.")
  private List<String> excluded = List.of();

  @Override
  public Integer call() {
    String[] names = excluded.toArray(String[]::new);
    GraphPass chosen =
        channels == null ? weights().exclude(names) : channels(channels).exclude(names);
    work.run(compression -> compression.prune(chosen));
    return 0;
  }

  private StructuralPruning channels(double share) {
    if (sparsity != null || groups != null) {
      throw new IllegalArgumentException("--channels is not together with --sparsity or --keep");
    }
    return StructuralPruning.l2().ratio(share);
  }

  private Pruning weights() {
    return groups == null ? byShare() : byGroups(groups);
  }

  private Pruning byShare() {
    Pruning pass =
        switch (method) {
          case MAGNITUDE -> Pruning.magnitude();
          case GLOBAL -> Pruning.globalMagnitude();
          case RANDOM -> Pruning.random(seed);
        };
    return sparsity == null ? pass : pass.sparsity(sparsity);
  }

  private Pruning byGroups(String text) {
    int colon = text.indexOf(':');
    if (sparsity != null || !text.matches("\\d{1,2}:\\d{1,2}")) {
      throw new IllegalArgumentException(
          "--keep must be N:M, as 2:4, and not together with --sparsity, but was " + text);
    }
    return Pruning.nOfM(
        Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }
}

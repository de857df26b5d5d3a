package io.vivace.examples.compress;

import io.vivace.optimize.share.Centroids;
import io.vivace.optimize.share.WeightSharing;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "share",
    description = "Lets the weights of each layer share few values, found by k-means.",
    mixinStandardHelpOptions = true)
final class ShareCommand implements Callable<Integer> {
  @Mixin private Work work = new Work();

  @Option(
      names = "--values",
      paramLabel = "N",
      description = "How many values, 2 to 65,536. Default: ${DEFAULT-VALUE}.")
  private int values = 256;

  @Option(names = "--per-channel", description = "Values of its own for each output channel.")
  private boolean perChannel;

  @Option(
      names = "--initial",
      paramLabel = "WAY",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Centroids initial = Centroids.LINEAR;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Of K_MEANS_PLUS_PLUS. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(names = "--exclude", paramLabel = "WEIGHT", description = "A tensor that stays.")
  private List<String> excluded = List.of();

  @Override
  public Integer call() {
    WeightSharing pass = WeightSharing.kMeans(values).initial(initial).seed(seed);
    pass = perChannel ? pass.perChannel() : pass;
    WeightSharing chosen = pass.exclude(excluded.toArray(String[]::new));
    work.run(compression -> compression.share(chosen));
    return 0;
  }
}

package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionPlan;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.CompressionSearch;
import io.vivace.optimize.Quality;
import io.vivace.optimize.SearchResult;
import io.vivace.optimize.quantize.Quantization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "auto",
    description = {
      "Quantizes the layers that stand it. The quality is the likeness of the outputs to the"
          + " original's (cosine), on --samples or on inputs made up from the model; for a quality"
          + " of your own use the library. ONNX files only."
    },
    mixinStandardHelpOptions = true)
final class AutoCommand implements Callable<Integer> {
  @Mixin private Work work = new Work();

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description = "How far the cosine may fall below 1. Default: ${DEFAULT-VALUE}.")
  private double loss = 0.01;

  @Option(names = "--size", paramLabel = "BYTES", description = "The most bytes.")
  private @Nullable Long size;

  @Option(names = "--latency", paramLabel = "MS", description = "The highest median, in ms.")
  private @Nullable Double latency;

  @Option(
      names = "--trials",
      paramLabel = "N",
      description = "How many at most. Default: ${DEFAULT-VALUE}.")
  private int trials = 100;

  @Option(
      names = "--inputs",
      paramLabel = "N",
      description = "How many are made up. Default: ${DEFAULT-VALUE}.")
  private int inputs = 8;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Of the inputs. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(names = "--journal", paramLabel = "FILE", description = "Goes on where it was stopped.")
  private @Nullable Path journal;

  @Option(names = "--plan", paramLabel = "FILE", description = "Replays a plan; no search.")
  private @Nullable Path plan;

  @Option(names = "--save-plan", paramLabel = "FILE", description = "Writes what was found.")
  private @Nullable Path savedPlan;

  @Override
  public Integer call() {
    CompressionReport report =
        plan == null
            ? work.finish(this::search)
            : work.run(
                each -> pipeline(each).plan(CompressionPlan.load(Objects.requireNonNull(plan))));
    SearchResult search = report.search();
    if (search != null && savedPlan != null) {
      search.best().plan().saveTo(savedPlan);
    }
    return search == null || search.isGoalMet() ? 0 : Compress.MISSED;
  }

  private static Compression pipeline(Compression compression) {
    return compression.quantize(Quantization.dynamicInt8());
  }

  private CompressionReport search(Compression compression) {
    ModelSource model = work.source();
    List<Map<String, Tensor>> given = work.samples().forReport(model);
    Iterable<Map<String, Tensor>> samples =
        given == null ? MadeUpInputs.of(model, inputs, seed) : given;
    CompressionSearch search =
        pipeline(compression.samples(samples))
            .keep(Quality.similarity(model, samples).within(loss))
            .trials(trials);
    search = size == null ? search : search.sizeAtMost(size);
    search = journal == null ? search : search.journal(journal);
    search =
        latency == null
            ? search
            : search.latencyAtMost(Duration.ofNanos(Math.round(latency * 1e6)));
    return search.saveTo(work.target());
  }
}

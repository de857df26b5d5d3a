package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A search for the smallest result within limits: which layers stand which of the pipeline's
 * settings. Immutable: each option returns a changed copy.
 *
 * <p>First everything is tried at its strongest. If that is not good enough, each layer is tried
 * alone, which gives what it costs in quality and what it saves; layers are then spared in the
 * order of cost per byte, and bisection finds how many must be. What trials are left try to take
 * single layers back.
 *
 * <p>The best point found is written even if the goal is missed; see {@link
 * SearchResult#isGoalMet()}. The same model, pipeline, quality and number of trials give the same
 * bytes, unless something measured takes part: a limit on latency, a limit on time, or a step that
 * chooses by measured time, as factorization may. A saved {@link SearchTrial#plan()} fixes what the
 * search chose, so that replaying it gives the same bytes, unless such a step is in the pipeline.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #sizeAtMost sizeAtMost}, {@link #latencyAtMost latencyAtMost}</td><td>no
 * limit</td></tr>
 * <tr><td>{@link #trials trials}</td><td>100</td></tr>
 * <tr><td>{@link #time time}</td><td>no limit</td></tr>
 * <tr><td>{@link #journal journal}</td><td>none</td></tr>
 * </table>
 */
public final class CompressionSearch {
  private static final int TRIALS = 100;

  private final ModelSource source;
  private final List<Step> steps;
  private final PipelineOptions options;
  private final SearchLimits limits;
  private final @Nullable Path journal;

  CompressionSearch(
      ModelSource source, List<Step> steps, PipelineOptions options, QualityLimit limit) {
    this(
        source,
        steps,
        options,
        new SearchLimits(
            Objects.requireNonNull(limit, "limit"), Long.MAX_VALUE, null, TRIALS, null),
        null);
  }

  private CompressionSearch(
      ModelSource source,
      List<Step> steps,
      PipelineOptions options,
      SearchLimits limits,
      @Nullable Path journal) {
    this.source = source;
    this.steps = steps;
    this.options = options;
    this.limits = limits;
    this.journal = journal;
  }

  /**
   * Limits the size of the result.
   *
   * @param bytes the most bytes, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public CompressionSearch sizeAtMost(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("the size must be at least 1 byte, but was " + bytes);
    }
    return with(limits.bytes(bytes));
  }

  /**
   * Limits the measured latency of single runs on the first sample: the median, on one thread, in
   * turns with the original.
   *
   * @param latency the highest median, above 0
   * @return a changed copy
   * @throws IllegalArgumentException if it is not above 0
   */
  public CompressionSearch latencyAtMost(Duration latency) {
    if (latency.isZero() || latency.isNegative()) {
      throw new IllegalArgumentException("the latency must be above 0, but was " + latency);
    }
    return with(limits.latency(latency));
  }

  /**
   * Limits how many settings are tried. Each one is compressed, written and measured.
   *
   * @param most from 1
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public CompressionSearch trials(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("the trials must be at least 1, but were " + most);
    }
    return with(limits.trials(most));
  }

  /**
   * Limits the time: no trial begins after it, and the best so far is written.
   *
   * @param most above 0
   * @return a changed copy
   * @throws IllegalArgumentException if it is not above 0
   */
  public CompressionSearch time(Duration most) {
    if (most.isZero() || most.isNegative()) {
      throw new IllegalArgumentException("the time must be above 0, but was " + most);
    }
    return with(limits.time(most));
  }

  private CompressionSearch with(SearchLimits changed) {
    return new CompressionSearch(source, steps, options, changed, journal);
  }

  /**
   * Keeps a record of the trials in a file, so that a search that was stopped goes on where it was.
   * The file is for one model and one pipeline; use another one when the quality function changes.
   *
   * @param file is made if it does not exist, and left when the search is done
   * @return a changed copy
   */
  public CompressionSearch journal(Path file) {
    return new CompressionSearch(
        source, steps, options, limits, Objects.requireNonNull(file, "file"));
  }

  /**
   * Searches, and writes the best model found: whole, or not at all.
   *
   * @param target the file; replaced if it exists. It may be the source's own
   * @return what was done; {@link CompressionReport#search()} tells what the search found
   * @throws io.vivace.core.ModelLoadException if the model cannot be read
   * @throws io.vivace.optimize.graph.GraphException if no setting works with this model
   * @throws IllegalArgumentException if no step works layer by layer, if the original's quality is
   *     NaN, or if the journal is another search's
   * @throws java.io.UncheckedIOException if a file cannot be read or written
   * @throws java.util.concurrent.CancellationException if the stop signal was given
   */
  public CompressionReport saveTo(Path target) {
    if (steps.stream().noneMatch(Step::isByLayer)) {
      throw new IllegalArgumentException(
          "a search needs a step that can leave layers out, but the pipeline has %s; add one, for"
                  .formatted(steps)
              + " example quantize(Quantization.dynamicInt8())");
    }
    try (ModelArtifact artifact = source.resolve()) {
      EditableModel.requireCan(artifact, steps);
      TrialBench bench = new TrialBench(artifact, target, steps, options, limits, journal);
      SearchResult result = new LayerSearch(bench, steps, limits).run();
      Assignment best = result.best().plan().assignment(steps);
      return new CompressionRun(options, steps).save(artifact, target, best, result);
    }
  }

  @Override
  public String toString() {
    return "CompressionSearch[source=%s, steps=%s, %s, journal=%s]"
        .formatted(source, steps, limits, journal);
  }
}

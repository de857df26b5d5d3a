package io.vivace.optimize;

import io.vivace.core.InferenceException;
import io.vivace.core.Progress;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerTensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes and measures trials, each setting once, and keeps the journal. */
final class TrialBench {
  /** What a model is timed for, so that the medians of trials can be compared. */
  private static final Duration TIMING = Duration.ofMillis(500);

  private final ModelArtifact artifact;
  private final Path target;
  private final PipelineOptions options;
  private final SearchLimits limits;
  private final @Nullable TrialJournal journal;
  private final CompressionRun runner;
  private final Map<Assignment, Trial> trials = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private @Nullable RuntimeException failure;
  private double originalLatency;
  private @Nullable String sha256;

  TrialBench(
      ModelArtifact artifact,
      Path target,
      List<Step> steps,
      PipelineOptions options,
      SearchLimits limits,
      @Nullable Path journal) {
    this.artifact = artifact;
    this.target = target;
    this.options = options;
    this.limits = limits;
    this.journal = journal == null ? null : TrialJournal.open(journal, sha256(), steps);
    this.originalLatency = this.journal == null ? Double.NaN : this.journal.originalLatency();
    this.runner =
        new CompressionRun(options.context(options.context().progress(Progress.none())), steps);
  }

  ModelArtifact artifact() {
    return artifact;
  }

  /** The digest of the original, computed once. */
  final String sha256() {
    String known = sha256;
    if (known == null) {
      known = ModelHash.of(artifact, options.limits());
      sha256 = known;
    }
    return known;
  }

  Map<Assignment, Trial> trials() {
    return trials;
  }

  double originalLatency() {
    return originalLatency;
  }

  /** Why settings did not work, if some did not. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  ModelSize originalSize() {
    try (EditableModel model = EditableModel.open(artifact, options)) {
      return model.size(model.bytes(), options.context());
    }
  }

  double originalQuality() {
    Double known = journal == null ? null : journal.originalQuality();
    if (known != null) {
      return known;
    }
    double quality = limits.quality().quality().measure(source(artifact.path()));
    if (Double.isNaN(quality)) {
      throw new IllegalArgumentException(
          "the quality of the original %s is NaN, so there is nothing to keep".formatted(artifact));
    }
    if (journal != null) {
      journal.originalQuality(quality);
    }
    return quality;
  }

  List<String> layers() {
    try (EditableModel model = EditableModel.open(artifact, options)) {
      return model.weights().layers().stream().map(LayerTensor::name).toList();
    }
  }

  private ModelSource source(Path path) {
    return () -> ModelArtifact.of(artifact.name(), path, artifact.format());
  }

  boolean isOver() {
    Duration most = limits.mostTime();
    return trials.size() >= limits.mostTrials()
        || (most != null && System.nanoTime() - start > most.toNanos());
  }

  /** Measures a setting, unless that was done before. */
  Trial trial(Assignment assignment, int expected) {
    Trial known = trials.get(assignment);
    if (known != null) {
      return known;
    }
    options.context().stopSignal().throwIfRequested();
    Trial kept = journal == null ? null : journal.find(assignment);
    if (kept != null && limits.mostLatency() != null && !isTimed(kept)) {
      kept = null; // of a search that did not measure latency
    }
    Trial trial = kept == null ? measure(assignment) : kept;
    trials.put(assignment, trial);
    if (journal != null && kept == null) {
      journal.append(assignment, trial);
    }
    report(trial, Math.min(limits.mostTrials(), expected));
    return trial;
  }

  private boolean isTimed(Trial trial) {
    boolean works = !Double.isNaN(trial.quality());
    return !works || !(Double.isNaN(trial.latencyNanos()) || Double.isNaN(originalLatency));
  }

  private Trial measure(Assignment assignment) {
    try (OutputFolder folder = OutputFolder.beside(target)) {
      CompressionRun.Sizes sizes = runner.write(artifact, folder, assignment, true);
      double quality = limits.quality().quality().measure(source(folder.file()));
      double noise =
          sizes.layers().stream()
              .mapToDouble(layer -> Math.pow(10, -layer.signalToNoiseDecibels() / 10))
              .max()
              .orElse(0);
      return new Trial(
          sizes.after().bytes(), sizes.after().nonZeros(), quality, latency(folder.file()), noise);
    } catch (GraphException | InferenceException e) {
      failure = failure == null ? e : failure;
      return Trial.FAILED;
    }
  }

  /**
   * The original is timed beside each trial, so that a slower machine slows both; what counts is
   * the ratio, times what the original took the first time, be it in the run that is resumed.
   */
  private double latency(Path file) {
    if (limits.mostLatency() == null) {
      return Double.NaN;
    }
    EngineCheck.Result result = EngineCheck.compare(artifact, file, options.samples(), TIMING);
    LatencyComparison found = result.latency();
    if (found.before().count() == 0) {
      throw new IllegalArgumentException(
          "the latency is limited, but cannot be measured; take the limit away, or mend what the"
              + " check says: "
              + result.note());
    }
    double before = found.before().p50Nanos();
    if (Double.isNaN(originalLatency)) {
      originalLatency = before;
      if (journal != null) {
        journal.originalLatency(before);
      }
    }
    return found.after().p50Nanos() / before * originalLatency;
  }

  private void report(Trial trial, int expected) {
    int done = trials.size();
    int total = Math.max(done, expected);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> values = new LinkedHashMap<>();
    if (!Double.isNaN(trial.quality())) {
      values.put("bytes", (double) trial.bytes());
      values.put("quality", trial.quality());
    }
    values.put("secondsLeft", seconds / done * (total - done));
    options.context().progress().report(new Progress.Step("trial", done, total, values));
  }
}

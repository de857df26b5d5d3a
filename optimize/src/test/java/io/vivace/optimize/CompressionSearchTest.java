package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressionSearchTest {
  private static final ModelSource MODEL = ModelSource.path(TestModels.file(TestModels.FASHION));

  /** What each layer's loss of its weights costs: known, so that the best answer is. */
  private static final Map<String, Double> COSTS =
      Map.of("onnx::Conv_32", 4.0, "onnx::Conv_35", 0.5, "f1.weight", 2.0, "f2.weight", 0.25);

  @TempDir Path folder;

  private final AtomicInteger measured = new AtomicInteger();

  /** Ten, less the cost of each layer that is half zero; half the cost for a quarter. */
  private final Quality quality =
      source -> {
        measured.incrementAndGet();
        double left = 10;
        try (ModelGraph model = ModelGraph.open(source)) {
          for (LayerWeight layer : LayerWeight.of(model.graph())) {
            left -= COSTS.get(layer.name()) * 2 * zeros(layer.weight());
          }
        }
        return left;
      };

  private static double zeros(Weight weight) {
    float[] values = weight.floats();
    int zeros = 0;
    for (float value : values) {
      zeros += value == 0 ? 1 : 0;
    }
    return (double) zeros / values.length;
  }

  private Compression pruning() {
    return Compression.of(MODEL).prune(Pruning.magnitude().sparsity(0.5)).unchecked();
  }

  @Test
  void keep_qualityThatEverythingMeets_takesTheStrongest() {
    SearchResult found = search(pruning().keep(quality.within(8)));
    assertThat(found.isGoalMet()).isTrue();
    assertThat(found.trials()).isOne();
    assertThat(found.originalQuality()).isEqualTo(10);
    assertThat(found.best().quality()).isEqualTo(3.25, within(0.01));
    assertThat(found.best().plan().steps().get(0).levels()).isEmpty();
  }

  @Test
  void keep_limitBetween_sparesTheSensitiveLayers() {
    SearchResult found = search(pruning().keep(quality.within(1)));
    assertThat(found.isGoalMet()).isTrue();
    assertThat(found.best().quality()).isGreaterThanOrEqualTo(9);
    // Together 0.75: nothing else fits beside them, and each alone would be less than can be had.
    assertThat(found.best().plan().steps().get(0).levels())
        .containsOnlyKeys("onnx::Conv_32", "f1.weight");
    assertThat(found.front()).contains(found.best());
  }

  @Test
  void keep_severalSettings_findsTheMilderOneWhereItFits() {
    Compression choice =
        Compression.of(MODEL)
            .choose(Pruning.magnitude().sparsity(0.5), Pruning.magnitude().sparsity(0.25))
            .unchecked();
    SearchResult found = search(choice.keep(quality.within(1.8)));
    assertThat(found.isGoalMet()).isTrue();
    // 0.75 for the two robust ones and 1 for a quarter of f1.
    assertThat(found.best().plan().steps().get(0).levels())
        .containsEntry("f1.weight", 1)
        .containsEntry("onnx::Conv_32", 2);
  }

  @Test
  void keep_goalThatCannotBeMet_writesTheBestFound() {
    Path target = folder.resolve("best.onnx");
    CompressionReport report = pruning().keep(quality.atLeast(11)).trials(20).saveTo(target);
    assertThat(report.search().isGoalMet()).isFalse();
    assertThat(report.search().best().quality()).isEqualTo(10);
    assertThat(target).hasSize(report.after().bytes());
    assertThat(report.toText()).contains("NOT within quality at least 11");
    assertThat(report.toJson()).contains("\"goalMet\": false");
  }

  @Test
  void keep_sizeLimit_countsAsMissed() {
    SearchResult found = search(pruning().keep(quality.within(9)).sizeAtMost(1_000));
    assertThat(found.isGoalMet()).isFalse();
    assertThat(found.limits()).contains("1,000 bytes");
  }

  @Test
  void keep_latencyLimit_isMeasured() {
    SearchResult found =
        search(
            Compression.of(MODEL)
                .prune(Pruning.magnitude())
                .keep(quality.within(9))
                .latencyAtMost(Duration.ofNanos(1))
                .trials(1));
    assertThat(found.isGoalMet()).isFalse();
    assertThat(found.originalLatencyNanos()).isPositive();
    assertThat(found.best().latencyNanos()).isPositive();
  }

  @Test
  void plan_replayedWithAnyNumberOfThreads_givesTheSameBytes() throws IOException {
    Path target = folder.resolve("searched.onnx");
    CompressionReport report =
        pruning().share(WeightSharing.kMeans(8)).keep(quality.within(1)).trials(8).saveTo(target);
    CompressionPlan plan = report.search().best().plan();
    Path file = folder.resolve("plan.json");
    plan.saveTo(file);
    assertThat(CompressionPlan.load(file)).isEqualTo(plan);
    for (int threads : new int[] {1, 4}) {
      Path again = folder.resolve("again-" + threads + ".onnx");
      pruning()
          .share(WeightSharing.kMeans(8))
          .plan(CompressionPlan.load(file))
          .threads(threads)
          .saveTo(again);
      assertThat(again).hasBinaryContent(Files.readAllBytes(target));
    }
    assertThatThrownBy(() -> pruning().plan(plan).saveTo(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same steps");
  }

  @Test
  void plan_ofAnotherModel_isRefused() {
    CompressionPlan plan = search(pruning().keep(quality.within(8))).best().plan();
    Path target = folder.resolve("other.onnx");
    Compression other =
        Compression.of(ModelSource.path(TestModels.file(TestModels.CLASSIFIER)))
            .prune(Pruning.magnitude().sparsity(0.5));
    assertThatThrownBy(() -> other.plan(plan).saveTo(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was made for the model")
        .hasMessageContaining("cls_infer");
    assertThat(target).doesNotExist();
  }

  /** The same layers in as many bytes, with one weight of another value. */
  @Test
  void plan_ofTheModelTrainedAgain_isRefused() throws IOException {
    Path first = moved(1);
    Path second = moved(2);
    assertThat(second).hasSize(Files.size(first));
    Compression pruning =
        Compression.of(ModelSource.path(first))
            .prune(Pruning.magnitude().sparsity(0.5))
            .unchecked();
    CompressionPlan plan = search(pruning.keep(quality.within(8))).best().plan();
    Compression again =
        Compression.of(ModelSource.path(second))
            .prune(Pruning.magnitude().sparsity(0.5))
            .unchecked()
            .plan(plan);
    Path target = folder.resolve("other.onnx");
    assertThatThrownBy(() -> again.saveTo(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was made for the model");
    assertThat(target).doesNotExist();
    pruning.plan(plan).saveTo(target);
    assertThat(target).exists();
  }

  private Path moved(float by) {
    Path file = folder.resolve("moved-" + by + ".onnx");
    try (ModelGraph model = ModelGraph.open(MODEL)) {
      LayerWeight layer = LayerWeight.of(model.graph()).get(0);
      layer.replace(layer.weight().mapped((index, value) -> index == 5 ? value + by : value));
      model.save(file);
    }
    return file;
  }

  @Test
  void parse_planWithoutDigest_saysWhatToDo() {
    assertThatThrownBy(
            () -> CompressionPlan.parse("{\"model\":\"m\",\"modelBytes\":7,\"steps\":[]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no digest of its model")
        .hasMessageContaining("search anew");
  }

  /** A trial whose latency is not known keeps to no limit on it, however small it is. */
  @Test
  void violation_unmeasuredLatency_isOfNoUse() {
    SearchLimits limits =
        new SearchLimits(quality.atLeast(1), Long.MAX_VALUE, Duration.ofMillis(1), 1, null);
    Trial unmeasured = new Trial(10, 10, 1, Double.NaN, 0);
    Trial tooBad = new Trial(10, 10, 0.5, 1, 0);
    Trial good = new Trial(10, 10, 1, 1, 0);
    assertThat(limits.violation(unmeasured, 1)).isInfinite();
    assertThat(limits.violation(tooBad, 1)).isEqualTo(0.5);
    assertThat(limits.violation(good, 1)).isZero();
  }

  @Test
  void journal_latencyLimit_keepsTheBaselineOfTheFirstRun() throws IOException {
    Path journal = folder.resolve("journal");
    CompressionSearch search =
        Compression.of(MODEL)
            .prune(Pruning.magnitude())
            .keep(quality.within(9))
            .latencyAtMost(Duration.ofSeconds(1))
            .journal(journal);
    SearchResult first = search(search.trials(1));
    SearchResult resumed = search(search.trials(1));
    assertThat(resumed.originalLatencyNanos()).isEqualTo(first.originalLatencyNanos());
    assertThat(resumed.best().latencyNanos()).isEqualTo(first.best().latencyNanos());
    // Without its line the trials are of a scale that is not known: they are made again.
    Files.write(
        journal,
        Files.readAllLines(journal).stream()
            .filter(line -> !line.contains("originalLatency"))
            .toList());
    int before = measured.get();
    assertThat(search(search.trials(1)).originalLatencyNanos()).isPositive();
    assertThat(measured.get()).isEqualTo(before + 1);
  }

  @Test
  void parse_damagedPlan_isRefused() {
    for (String text : List.of("", "[]", "{", "{}", "{\"model\":\"m\"}", "null")) {
      assertThatThrownBy(() -> CompressionPlan.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no compression plan");
    }
  }

  @Test
  void journal_stoppedSearch_goesOnWhereItWas() throws IOException {
    Path journal = folder.resolve("journal");
    Path target = folder.resolve("target.onnx");
    assertThatThrownBy(
            () ->
                pruning()
                    .stopSignal(() -> measured.get() >= 4)
                    .keep(quality.within(1))
                    .journal(journal)
                    .saveTo(target))
        .isInstanceOf(CancellationException.class);
    assertThat(target).doesNotExist();
    int before = measured.get();
    Files.writeString(journal, "{\"levels\":[{\"f1.we", StandardOpenOption.APPEND); // torn
    SearchResult resumed = search(pruning().keep(quality.within(1)).journal(journal));
    int resumedCalls = measured.get() - before;
    SearchResult whole = search(pruning().keep(quality.within(1)));
    assertThat(resumed.best()).isEqualTo(whole.best());
    assertThat(resumed.front()).isEqualTo(whole.front());
    assertThat(resumedCalls).isEqualTo(whole.trials() + 1 - before);
    assertThatThrownBy(
            () ->
                Compression.of(MODEL)
                    .prune(Pruning.magnitude().sparsity(0.4))
                    .keep(quality.within(1))
                    .journal(journal)
                    .saveTo(target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another file");
  }

  /** Fails on one layer: what cannot be done there must not end the search. */
  private record Picky(Set<String> spared) implements LayerPass {
    @Override
    public LayerPass without(Collection<String> weights) {
      Set<String> all = new TreeSet<>(spared);
      all.addAll(weights);
      return new Picky(all);
    }

    @Override
    public void apply(ModelGraph model, PassContext context) {
      if (!spared.contains("f1.weight")) {
        throw new GraphException("not f1.weight");
      }
      Pruning.magnitude().without(spared).apply(model, context);
    }

    @Override
    public String toString() {
      return "Picky";
    }
  }

  @Test
  void keep_settingThatFailsOnALayer_sparesIt() {
    SearchResult found =
        search(Compression.of(MODEL).pass(new Picky(Set.of())).unchecked().keep(quality.within(9)));
    assertThat(found.isGoalMet()).isTrue();
    assertThat(found.best().plan().steps().get(0).levels()).containsOnlyKeys("f1.weight");
  }

  @Test
  void keep_progress_tellsTheTimeLeft() {
    List<String> steps = new ArrayList<>();
    search(
        pruning()
            .progress(
                step -> {
                  steps.add(step.stage());
                  if (step.stage().equals("trial")) {
                    steps.addAll(step.values().keySet());
                  }
                })
            .keep(quality.within(9)));
    assertThat(steps).contains("trial", "quality", "bytes", "secondsLeft");
  }

  @Test
  void keep_noStepByLayer_isRefused() {
    assertThatThrownBy(
            () -> search(Compression.of(MODEL).pass((m, c) -> {}).keep(quality.within(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave layers out");
  }

  @Test
  void keep_originalOfQualityNaN_isRefused() {
    assertThatThrownBy(() -> search(pruning().keep(((Quality) m -> Double.NaN).within(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void similarity_ofQuantizedModel_isBelowOneAndOfTheOriginalOne() {
    Quality likeness = Quality.similarity(MODEL, CompressionTest.images(TestModels.FASHION));
    assertThat(likeness.measure(MODEL)).isEqualTo(1);
    Path small = folder.resolve("small.onnx");
    Compression.of(MODEL).quantize(Quantization.dynamicInt8()).unchecked().saveTo(small);
    assertThat(likeness.measure(ModelSource.path(small))).isBetween(0.99, 0.9999999);
  }

  @Test
  void keep_nothingIsLeftBehind() throws IOException {
    search(pruning().keep(quality.within(1)));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("found.onnx");
    }
  }

  private SearchResult search(CompressionSearch search) {
    SearchResult result = search.saveTo(folder.resolve("found.onnx")).search();
    assertThat(result).isNotNull();
    return result;
  }
}

package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import io.vivace.core.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PrunerTest {
  private static final Space LINE = Space.of(Parameter.real("x", 0, 1));

  private static SortedMap<Integer, Double> reports(double... values) {
    SortedMap<Integer, Double> reports = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      reports.put(i + 1, values[i]);
    }
    return reports;
  }

  private static Finished other(int number, TrialState state, double... values) {
    List<Double> score =
        state == TrialState.COMPLETE ? List.of(values[values.length - 1]) : List.of();
    return Finished.of(
        new TrialResult(
            number,
            new Params(LINE, new double[] {0.5}),
            state,
            score,
            reports(values),
            Map.of(),
            null),
        List.of(Direction.MINIMIZE));
  }

  private static boolean prunes(Pruner pruner, List<Finished> others, double... own) {
    return pruner.prunes(
        new Pruner.Standing(others.size(), reports(own), others, Direction.MINIMIZE));
  }

  private static List<Finished> complete(double[]... curves) {
    List<Finished> others = new ArrayList<>();
    for (double[] curve : curves) {
      others.add(other(others.size(), TrialState.COMPLETE, curve));
    }
    return others;
  }

  @Test
  void median_comparesTheBestSoFarAtTheStep() {
    List<Finished> others =
        complete(
            new double[] {5, 1},
            new double[] {5, 2},
            new double[] {5, 3},
            new double[] {5, 4},
            new double[] {5, 5});
    assertThat(prunes(Pruner.median(), others, 9, 3.1)).isTrue();
    assertThat(prunes(Pruner.median(), others, 9, 3)).isFalse();
    assertThat(prunes(Pruner.median(), others, 2, 9)).isFalse(); // it was good once
    assertThat(prunes(Pruner.median(), others, Double.NaN, Double.NaN)).isTrue();
    assertThat(prunes(Pruner.median(), others.subList(0, 4), 9, 9)).isFalse(); // too few
    assertThat(prunes(Pruner.median(), others, 9, 9, 9)).isFalse(); // nobody came so far
    assertThat(prunes(Pruner.median().warmup(2), others, 9, 9)).isFalse();
    assertThat(prunes(Pruner.median().startup(1), complete(new double[] {1, 1}), 9, 9)).isTrue();
  }

  @Test
  void percentile_equalsNumpys() {
    for (JsonElement element : Golden.cases("percentile")) {
      double[] values = Golden.row(element.getAsJsonObject().get("v"));
      double[] expected = Golden.row(element.getAsJsonObject().get("p"));
      double[] percents = {10, 25, 50, 90};
      List<Finished> others = new ArrayList<>();
      for (double value : values) {
        others.add(other(others.size(), TrialState.COMPLETE, value));
      }
      for (int i = 0; i < percents.length; i++) {
        Pruner pruner = Pruner.percentile(percents[i]).startup(1);
        assertThat(prunes(pruner, others, expected[i] + 1e-12)).isTrue();
        assertThat(prunes(pruner, others, expected[i] - 1e-12)).isFalse();
      }
    }
  }

  @Test
  void halving_keepsOneInSoManyAtARung() {
    Pruner pruner = Pruner.successiveHalving(2, 3);
    List<Finished> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(other(i, TrialState.PRUNED, 9, i));
    }
    // with itself 6 compete at step 2, so 2 go on
    assertThat(prunes(pruner, others, 9, 0.5)).isFalse();
    assertThat(prunes(pruner, others, 9, 1.5)).isTrue();
    assertThat(prunes(pruner, others, 9)).isFalse(); // no rung yet
    assertThat(prunes(pruner, others, 9, 9, 9)).isFalse(); // the rung was passed before
    assertThat(prunes(pruner, List.of(), 9, 9)).isFalse(); // alone
    assertThat(prunes(pruner, others, 9, Double.NaN)).isTrue();
  }

  @Test
  void hyperband_bracketsDifferInTheirFirstRung() {
    HyperbandPruner pruner = new HyperbandPruner(1, 9, 3);
    int[] counts = new int[3];
    for (int i = 0; i < 170; i++) {
      counts[pruner.bracket(i)]++;
    }
    // ceil(3 x 9 / 3) : ceil(3 x 3 / 2) : 3 of a round of 17
    assertThat(counts).containsExactly(90, 50, 30);
    int early = 0;
    while (pruner.bracket(early) != 0) {
      early++;
    }
    List<Finished> rivals = List.of(other(early, TrialState.COMPLETE, 0, 0, 0));
    SortedMap<Integer, Double> bad = reports(1);
    int own = early + 17;
    assertThat(pruner.prunes(new Pruner.Standing(own, bad, rivals, Direction.MINIMIZE))).isTrue();
    int late = 0;
    while (pruner.bracket(late) != 2) {
      late++;
    }
    List<Finished> others = List.of(other(late, TrialState.COMPLETE, 0, 0, 0));
    assertThat(
            pruner.prunes(
                new Pruner.Standing(late + 17, reports(1, 1, 1), others, Direction.MINIMIZE)))
        .isFalse();
  }

  @Test
  void threshold_judgesReportsAsTheyWereMade() {
    Pruner pruner = Pruner.threshold(0.1, 0.9);
    assertThat(prunes(pruner, List.of(), 0.5)).isFalse();
    assertThat(prunes(pruner, List.of(), 0.05)).isTrue();
    assertThat(prunes(pruner, List.of(), Double.NaN)).isTrue();
    SortedMap<Integer, Double> losses = reports(-0.5); // 0.5, to be maximized
    assertThat(pruner.prunes(new Pruner.Standing(0, losses, List.of(), Direction.MAXIMIZE)))
        .isFalse();
  }

  @Test
  void patient_waitsForReportsWithoutImprovement() {
    Pruner pruner = Pruner.threshold(-1, -1).patient(2, 0); // the inner one always prunes
    assertThat(prunes(pruner, List.of(), 5, 6, 7)).isFalse();
    assertThat(prunes(pruner, List.of(), 5, 6, 7, 8)).isTrue();
    assertThat(prunes(pruner, List.of(), 5, 6, 7, 4)).isFalse();
    Pruner picky = Pruner.threshold(-1, -1).patient(2, 2);
    assertThat(prunes(picky, List.of(), 5, 6, 7, 4)).isTrue();
  }

  @Test
  void wilcoxon_comparesFoldByFold() {
    List<Finished> others =
        List.of(
            other(0, TrialState.COMPLETE, 3, 2, 3, 4, 2, 2),
            other(1, TrialState.COMPLETE, 9, 9, 9, 9, 9, 9));
    Pruner pruner = Pruner.wilcoxon(0.1);
    assertThat(prunes(pruner, others, 3.1, 2.2, 3.3)).isFalse(); // p = 1/8
    assertThat(prunes(pruner, others, 3.1, 2.2, 3.3, 4.4)).isTrue(); // p = 1/16
    // worse on each of these folds, but still better than the mean of all
    assertThat(prunes(pruner, List.of(other(0, TrialState.COMPLETE, 1, 1, 1, 1, 9)), 2, 2, 2, 2))
        .isFalse();
    assertThat(prunes(pruner, others, 4)).isFalse();
    assertThat(prunes(pruner, others, 1.1, 2.2, Double.NaN, 4.4)).isFalse();
    assertThat(prunes(pruner, List.of(), 1, 2, 3, 4)).isFalse();
  }

  @Test
  void arguments_outOfRange_nameTheValue() {
    assertThatThrownBy(() -> Pruner.percentile(0)).hasMessageContaining("but was 0.0");
    assertThatThrownBy(() -> Pruner.successiveHalving(0, 3)).hasMessageContaining("were 0 and 3");
    assertThatThrownBy(() -> Pruner.hyperband(9, 3, 3)).hasMessageContaining("were 3 and 9");
    assertThatThrownBy(() -> Pruner.threshold(2, 1)).hasMessageContaining("were 2.0 and 1.0");
    assertThatThrownBy(() -> Pruner.wilcoxon(1)).hasMessageContaining("was 1.0");
    assertThatThrownBy(() -> Pruner.none().patient(-1, 0)).hasMessageContaining("were -1");
    assertThatThrownBy(() -> Pruner.median().startup(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> Pruner.median().warmup(-1)).hasMessageContaining("was -1");
  }

  /** A learning curve that goes to x; bad points are given up early. */
  private static double train(Params params, Trial trial, AtomicInteger epochs) {
    double loss = 0;
    for (int epoch = 1; epoch <= 27; epoch++) {
      epochs.incrementAndGet();
      loss = params.real("x") + 1.0 / epoch;
      trial.report(epoch, loss);
      trial.pruneIfAdvised();
    }
    return loss;
  }

  @Test
  void pruning_savesEpochsAndKeepsTheBest() {
    AtomicInteger all = new AtomicInteger();
    Study full = Study.random().trials(60).minimize(LINE, (p, t) -> train(p, t, all));
    assertThat(all).hasValue(60 * 27);
    for (Pruner pruner :
        List.of(Pruner.median(), Pruner.successiveHalving(1, 3), Pruner.hyperband(1, 27, 3))) {
      AtomicInteger epochs = new AtomicInteger();
      Study study =
          Study.random().trials(60).pruner(pruner).minimize(LINE, (p, t) -> train(p, t, epochs));
      assertThat(epochs.get()).as("%s", pruner).isLessThan(60 * 27 * 2 / 3);
      assertThat(study.bestScore()).as("%s", pruner).isCloseTo(full.bestScore(), within(0.02));
      assertThat(study.trials()).anyMatch(trial -> trial.state() == TrialState.PRUNED);
    }
  }

  @Test
  void stopSignal_prunesATrainerThatKnowsNothingOfTrials() {
    Study study =
        Study.random()
            .trials(30)
            .pruner(Pruner.median())
            .maximize(
                LINE,
                (params, trial) -> {
                  Progress progress = trial.progress("accuracy").guarded();
                  for (int epoch = 1; epoch <= 5; epoch++) {
                    trial.stopSignal().throwIfRequested();
                    progress.report(
                        new Progress.Step(
                            "epoch", epoch, 5, Map.of("loss", 1.0, "accuracy", params.real("x"))));
                  }
                  trial.stopSignal().throwIfRequested();
                  return params.real("x");
                });
    assertThat(study.trials()).noneMatch(trial -> trial.state() == TrialState.FAILED);
    long pruned =
        study.trials().stream().filter(trial -> trial.state() == TrialState.PRUNED).count();
    assertThat(pruned).isBetween(5L, 25L);
    assertThat(study.trials().get(0).reports()).hasSize(5);
  }

  @Test
  void report_backwards_isRefused() {
    Study study =
        Study.random()
            .trials(1)
            .minimize(
                LINE,
                (params, trial) -> {
                  trial.report(3, 1);
                  trial.report(3, 1);
                  return 0;
                });
    assertThat(study.trials().get(0).failure()).contains("was 3 after 3");
  }
}

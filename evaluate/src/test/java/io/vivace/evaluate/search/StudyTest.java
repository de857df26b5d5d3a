package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
  private static final Space LINE = Space.of(Parameter.real("x", -10, 10));

  private static double bowl(Params params) {
    double x = params.real("x") - 3;
    return x * x;
  }

  @Test
  void maximize_isMinimizeOfTheNegative() {
    Study low = Study.tpe().trials(40).minimize(LINE, StudyTest::bowl);
    Study high = Study.tpe().trials(40).maximize(LINE, params -> -bowl(params));
    assertThat(high.bestScore()).isEqualTo(-low.bestScore());
    assertThat(high.bestParams().real("x")).isEqualTo(low.bestParams().real("x"));
    assertThat(low.bestParams().real("x")).isCloseTo(3, within(0.5));
    assertThat(low.stopReason()).isEqualTo(StopReason.TRIALS_DONE);
    assertThat(low.trials()).hasSize(40);
  }

  @Test
  void bestSoFar_neverGetsWorse() {
    Study study =
        Study.random()
            .trials(50)
            .maximize(
                LINE,
                params -> {
                  if (params.real("x") < -5) {
                    throw new IllegalArgumentException("too low");
                  }
                  return params.real("x");
                });
    double[] history = study.bestSoFar();
    double best = Double.NaN;
    for (int i = 0; i < history.length; i++) {
      double score = study.trials().get(i).score();
      best = Double.isNaN(best) || score > best ? score : best;
      assertThat(history[i]).isEqualTo(best);
    }
    assertThat(history[49]).isEqualTo(study.bestScore());
  }

  @Test
  void optionFaults_areNamedAtOnce() {
    StudyOptions wrong =
        Study.gaussianProcess()
            .trials(0)
            .workers(3)
            .lag(2)
            .patience(0)
            .timeLimit(Duration.ZERO)
            .first(Map.of("y", 1));
    assertThatThrownBy(() -> wrong.open(LINE, Direction.MINIMIZE, Direction.MAXIMIZE))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains("trials must be at least 1, but was 0")
        .contains("workers must not be above the lag", "set lag(3)")
        .contains("patience must be at least 1")
        .contains("timeLimit must be above 0, but was PT0S")
        .contains("the first point {y=1} is not in the space")
        .contains("are for studies with one direction")
        .contains("the Gaussian process knows one direction, but there are 2");
    assertThatThrownBy(() -> Study.tpe().open(LINE)).hasMessageContaining("at least one direction");
    assertThatThrownBy(() -> Study.tpe().target(Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void scoreThatThrowsOrIsNaN_isAFailedTrial() {
    AtomicInteger calls = new AtomicInteger();
    Study study =
        Study.tpe()
            .trials(30)
            .minimize(
                LINE,
                params ->
                    switch (calls.getAndIncrement() % 3) {
                      case 0 -> throw new java.io.IOException("no disk");
                      case 1 -> Double.NaN;
                      default -> bowl(params);
                    });
    assertThat(study.trials()).hasSize(30);
    assertThat(study.trials().get(0).state()).isEqualTo(TrialState.FAILED);
    assertThat(study.trials().get(0).failure()).isEqualTo("java.io.IOException: no disk");
    assertThat(study.trials().get(1).failure()).isEqualTo("the score was NaN");
    assertThat(study.best().number() % 3).isEqualTo(2);
    assertThat(study.trials().get(0).score()).isNaN();
  }

  @Test
  void allTrialsFail_thereIsNoBest() {
    Study study = Study.tpe().trials(20).minimize(LINE, params -> Double.NaN);
    assertThat(study.findBest()).isEmpty();
    assertThatThrownBy(study::best)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("none of the 20 trials is complete")
        .hasMessageContaining("FAILED=20")
        .hasMessageContaining("; trial 0 failed: ");
    assertThat(study.front()).isEmpty();
    assertThat(study.importances()).isEmpty();
  }

  @Test
  void failFast_endsTheStudyAndNamesTheTrial() {
    Score failing =
        params -> {
          throw new java.io.IOException("no disk");
        };
    assertThatThrownBy(() -> Study.tpe().failFast().minimize(LINE, failing))
        .isInstanceOf(SearchException.class)
        .hasMessageContaining("trial 0 failed at {x=")
        .hasRootCauseMessage("no disk");
    assertThatThrownBy(() -> Study.tpe().failFast().minimize(LINE, params -> Double.NaN))
        .isInstanceOf(SearchException.class)
        .hasMessageContaining("the score was NaN");
  }

  @Test
  void errorOfTheScoreFunction_isNotSwallowed() {
    Score broken =
        params -> {
          throw new StackOverflowError("deep");
        };
    assertThatThrownBy(() -> Study.tpe().lag(4).workers(4).minimize(LINE, broken))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void target_endsTheStudyAfterTheLag() {
    for (int lag : new int[] {1, 4}) {
      Study study = Study.random().lag(lag).trials(500).target(1).minimize(LINE, StudyTest::bowl);
      assertThat(study.stopReason()).isEqualTo(StopReason.TARGET_REACHED);
      int first =
          study.trials().stream().filter(t -> t.score() <= 1).findFirst().orElseThrow().number();
      assertThat(study.trials()).hasSize(first + lag);
    }
  }

  @Test
  void patience_endsTheStudy() {
    AtomicInteger calls = new AtomicInteger();
    Study study =
        Study.random()
            .patience(5)
            .minimize(LINE, params -> Math.max(0, 3 - calls.getAndIncrement()));
    assertThat(study.best().number()).isEqualTo(3);
    assertThat(study.trials()).hasSize(3 + 1 + 5);
    assertThat(study.stopReason()).isEqualTo(StopReason.NO_IMPROVEMENT);
  }

  @Test
  void timeLimit_startsNoMoreTrials() {
    Study study =
        Study.random().timeLimit(Duration.ofNanos(1)).trials(100).minimize(LINE, StudyTest::bowl);
    assertThat(study.trials()).isEmpty();
    assertThat(study.stopReason()).isEqualTo(StopReason.TIME_LIMIT);
  }

  @Test
  void stopSignal_endsTheStudyAndCancelsRunningTrials() {
    AtomicBoolean stop = new AtomicBoolean();
    Study study =
        Study.random()
            .stopSignal(stop::get)
            .minimize(
                LINE,
                (params, trial) -> {
                  stop.set(trial.number() == 3);
                  trial.stopSignal().throwIfRequested();
                  return bowl(params);
                });
    assertThat(study.stopReason()).isEqualTo(StopReason.STOP_SIGNAL);
    assertThat(study.trials()).hasSize(3); // the fourth did not end
  }

  @Test
  void cancellationWithoutReason_isAFailure() {
    Study study =
        Study.random()
            .trials(2)
            .minimize(
                LINE,
                params -> {
                  throw new CancellationException("lost");
                });
    assertThat(study.trials()).allMatch(trial -> trial.state() == TrialState.FAILED);
  }

  @Test
  void interruption_endsTheStudyWithWhatIsThere() throws Exception {
    for (int workers : new int[] {1, 3}) {
      CountDownLatch running = new CountDownLatch(workers);
      List<Study> result = new ArrayList<>();
      AtomicBoolean flag = new AtomicBoolean();
      Thread thread =
          new Thread(
              () -> {
                result.add(
                    Study.random()
                        .lag(3)
                        .workers(workers)
                        .minimize(
                            LINE,
                            params -> {
                              running.countDown();
                              new CountDownLatch(1).await();
                              return 0;
                            }));
                flag.set(Thread.currentThread().isInterrupted());
              });
      thread.start();
      running.await();
      thread.interrupt();
      thread.join();
      assertThat(result.get(0).stopReason()).isEqualTo(StopReason.INTERRUPTED);
      assertThat(result.get(0).trials()).isEmpty();
      assertThat(flag).isTrue();
    }
  }

  @Test
  void first_isTriedFirst() {
    Study study =
        Study.tpe()
            .first(Map.of("x", 3.0))
            .first(Map.of("x", 4))
            .trials(5)
            .minimize(LINE, StudyTest::bowl);
    assertThat(study.trials().get(0).params().real("x")).isEqualTo(3);
    assertThat(study.trials().get(1).params().real("x")).isEqualTo(4);
    assertThat(study.bestScore()).isZero();
  }

  @Test
  void progress_hearsOfEveryTrial() {
    List<Progress.Step> steps = new ArrayList<>();
    Study study =
        Study.random().trials(10).progress(steps::add).maximize(LINE, params -> params.real("x"));
    assertThat(steps).hasSize(10);
    assertThat(steps.get(9).stage()).isEqualTo("trial");
    assertThat(steps.get(9).done()).isEqualTo(10);
    assertThat(steps.get(9).total()).isEqualTo(10);
    assertThat(steps.get(9).values()).containsEntry("best", study.bestScore());
    assertThat(steps.get(2).values()).containsEntry("score", study.trials().get(2).score());
  }

  @Test
  void askAndTell_giveTheSameTrials() {
    Study run = Study.tpe().trials(30).seed(7).minimize(LINE, StudyTest::bowl);
    try (StudySession session = Study.tpe().trials(30).seed(7).open(LINE, Direction.MINIMIZE)) {
      for (Optional<Trial> next = session.ask(); next.isPresent(); next = session.ask()) {
        session.tell(next.get(), bowl(next.get().params()));
      }
      assertThat(session.study().log()).isEqualTo(run.log());
      assertThat(session.study().stopReason()).isEqualTo(StopReason.TRIALS_DONE);
    }
  }

  @Test
  void ask_beforeTheLagAllows_isRefused() {
    StudySession session = Study.tpe().trials(30).lag(2).open(LINE, Direction.MINIMIZE);
    Trial first = session.ask().orElseThrow();
    Trial second = session.ask().orElseThrow();
    assertThatThrownBy(session::ask)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "trial 2 looks back at trial 0, which is not told yet; tell it, or raise the lag,"
                + " which is 2");
    session.tell(second, 1);
    assertThatThrownBy(session::ask).isInstanceOf(IllegalStateException.class);
    session.tell(first, 2);
    assertThatThrownBy(() -> session.tell(first, 2)).hasMessageContaining("trial 0 is not open");
    Trial third = session.ask().orElseThrow();
    assertThatThrownBy(() -> session.tell(third, 1, 2)).hasMessageContaining("1 scores");
    assertThat(session.fail(third, "broken").state()).isEqualTo(TrialState.FAILED);
    Trial fourth = session.ask().orElseThrow();
    assertThat(session.prune(fourth).state()).isEqualTo(TrialState.PRUNED);
    assertThat(session.study().stopReason()).isEqualTo(StopReason.UNFINISHED);
    session.close();
    session.close();
    assertThatThrownBy(session::ask).hasMessageContaining("closed");
    assertThat(session.study().trials()).hasSize(4);
  }

  @Test
  void tell_ofAnotherStudysTrial_isRefused() {
    Space twin = Space.of(Parameter.real("x", -10, 10));
    try (StudySession one = Study.tpe().open(LINE, Direction.MINIMIZE);
        StudySession other = Study.tpe().open(twin, Direction.MINIMIZE)) {
      one.ask();
      Trial stranger = other.ask().orElseThrow();
      assertThatThrownBy(() -> one.tell(stranger, 1)).hasMessageContaining("not open in this");
    }
  }

  @Test
  void importances_findTheParameterThatMatters() {
    Space space =
        Space.of(
            Parameter.real("much", -5, 5),
            Parameter.real("little", -5, 5),
            Parameter.choice("some", "a", "b"),
            Parameter.real("none", 1e-3, 1).log());
    Study study =
        Study.sobol()
            .trials(256)
            .minimize(
                space,
                p ->
                    p.real("much") * p.real("much")
                        + 0.1 * p.real("little")
                        + (p.choice("some").equals("a") ? 0 : 2));
    Map<String, Double> shares = study.importances();
    assertThat(shares.keySet()).containsExactly("much", "little", "some", "none");
    assertThat(shares.values().stream().mapToDouble(v -> v).sum()).isCloseTo(1, within(1e-12));
    assertThat(shares.get("much")).isGreaterThan(0.5);
    assertThat(shares.get("some")).isGreaterThan(3 * shares.get("none"));
  }

  @Test
  void front_ofTwoScoresWithConstraint() {
    Space square = Space.of(Parameter.real("x", 0, 1), Parameter.real("y", 0, 1));
    for (StudyOptions options : List.of(Study.nsga2(), Study.tpe(), Study.random())) {
      Study study =
          options
              .trials(250)
              .optimize(
                  square,
                  List.of(Direction.MAXIMIZE, Direction.MINIMIZE),
                  (params, trial) -> {
                    double x = params.real("x");
                    double y = params.real("y");
                    trial.constraint("x at least 0.2", 0.2 - x);
                    return new double[] {-x - y * y, (x - 1) * (x - 1) + y};
                  });
      List<TrialResult> front = study.front();
      assertThat(front).isNotEmpty().allMatch(TrialResult::isFeasible);
      for (TrialResult a : front) {
        for (TrialResult b : study.trials()) {
          boolean dominated =
              b.isFeasible()
                  && b.values().get(0) >= a.values().get(0)
                  && b.values().get(1) <= a.values().get(1)
                  && !b.values().equals(a.values());
          assertThat(dominated).isFalse();
        }
      }
      double lowest = front.stream().mapToDouble(t -> t.params().real("y")).max().orElseThrow();
      if (!options.toString().contains("random")) {
        assertThat(lowest).as("%s", options).isLessThan(0.35); // y = 0 everywhere on the true front
        assertThat(front.size()).isGreaterThan(10);
      }
    }
  }

  @Test
  void gaussianProcess_keepsAConstraint() {
    Study study =
        Study.gaussianProcess()
            .trials(40)
            .maximize(
                Space.of(Parameter.real("x", 0, 1), Parameter.real("y", 0, 1)),
                (params, trial) -> {
                  trial.constraint("circle", Math.hypot(params.real("x"), params.real("y")) - 0.8);
                  return params.real("x") + params.real("y");
                });
    assertThat(study.best().isFeasible()).isTrue();
    assertThat(study.bestScore()).isBetween(1.10, 0.8 * Math.sqrt(2));
  }

  @Test
  void infeasibleTrial_isNeverBest() {
    Study study =
        Study.random()
            .trials(50)
            .maximize(
                LINE,
                (params, trial) -> {
                  trial.constraint("low", params.real("x") > 0 ? Double.NaN : -1);
                  return params.real("x");
                });
    assertThat(study.bestScore()).isNegative();
  }

  @Test
  void writeLog_replacesTheFileAtOnce(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("trials.jsonl");
    Files.writeString(file, "old");
    Study study = Study.random().trials(3).minimize(LINE, StudyTest::bowl);
    study.writeLog(file);
    assertThat(file).hasContent(study.log());
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
    assertThat(study.log().lines().findFirst().orElseThrow())
        .matches("\\{\"trial\":0,\"params\":\\{\"x\":-?[0-9.E-]+},\"state\":\"COMPLETE\",.*");
  }
}

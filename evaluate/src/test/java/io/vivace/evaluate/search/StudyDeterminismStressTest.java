package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The trial log must be the same bytes for any number of workers, whoever ends first. */
class StudyDeterminismStressTest {
  static Stream<StudyOptions> studies() {
    return Stream.of(
        Study.tpe().pruner(Pruner.median().startup(2)),
        Study.with(Sampler.tpe().multivariate(false)).pruner(Pruner.hyperband(1, 4, 2)),
        Study.with(Sampler.gaussianProcess().candidates(128).startup(4)).target(0.001),
        Study.with(Sampler.nsga2().population(6)).patience(12),
        Study.sobol().pruner(Pruner.wilcoxon(0.2)));
  }

  /** Takes a random while, counted and not timed, so that trials end in any order. */
  private static double score(Params params, Trial trial) {
    SplittableRandom own = new SplittableRandom(trial.seed());
    double loss = params.asMap().hashCode() % 1000 / 1000.0;
    for (int step = 1; step <= 4; step++) {
      for (int spin = ThreadLocalRandom.current().nextInt(20_000); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      trial.report(step, loss + own.nextDouble() / step);
      trial.pruneIfAdvised();
    }
    if (own.nextInt(9) == 0) {
      throw new IllegalStateException("trial " + trial.number() + " fails always");
    }
    return Math.abs(loss);
  }

  @ParameterizedTest
  @MethodSource("studies")
  void log_isTheSameForAnyNumberOfWorkers(StudyOptions options) {
    StudyOptions study = options.trials(40).lag(8).seed(3);
    String one =
        study.workers(1).minimize(SpaceTest.MIXED, StudyDeterminismStressTest::score).log();
    assertThat(one.lines().count()).isGreaterThan(8);
    for (int workers : new int[] {2, 8, 8}) {
      String log =
          study.workers(workers).minimize(SpaceTest.MIXED, StudyDeterminismStressTest::score).log();
      assertThat(log).as("%d workers", workers).isEqualTo(one);
    }
  }

  @Test
  void log_isTheSameAfterStopsAndResumptionsWithOtherWorkers(@TempDir Path folder) {
    StudyOptions study = Study.tpe().trials(60).lag(8).pruner(Pruner.median());
    String whole = study.minimize(SpaceTest.MIXED, StudyDeterminismStressTest::score).log();
    StudyOptions kept =
        study.journal(Journal.at(folder.resolve("j.jsonl")).sync(Journal.Sync.NEVER));
    int[] workers = {8, 3, 1, 2, 8, 5};
    for (int round = 0; round < workers.length; round++) {
      int limit = 10 * (round + 1);
      AtomicInteger started = new AtomicInteger();
      AtomicBoolean stop = new AtomicBoolean();
      kept.workers(workers[round])
          .stopSignal(stop::get)
          .minimize(
              SpaceTest.MIXED,
              (params, trial) -> {
                if (started.incrementAndGet() > 9 && limit < 60) {
                  stop.set(true);
                }
                double score = score(params, trial);
                trial.stopSignal().throwIfRequested();
                return score;
              });
    }
    Study study2 = kept.workers(4).minimize(SpaceTest.MIXED, StudyDeterminismStressTest::score);
    assertThat(study2.log()).isEqualTo(whole);
    assertThat(study2.stopReason()).isEqualTo(StopReason.TRIALS_DONE);
  }

  @Test
  void workers_reallyRunTogether() {
    CyclicBarrier four = new CyclicBarrier(4);
    Study study =
        Study.random()
            .trials(40)
            .lag(4)
            .workers(4)
            .minimize(SpaceTest.MIXED, params -> four.await(1, TimeUnit.MINUTES));
    assertThat(study.trials()).hasSize(40);
    assertThat(study.trials()).allMatch(trial -> trial.state() == TrialState.COMPLETE);
  }
}

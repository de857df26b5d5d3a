package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerTest {
  static Stream<Sampler> samplers() {
    return Stream.of(
        Sampler.random(),
        Sampler.sobol(),
        Sampler.grid(2),
        Sampler.tpe(),
        Sampler.tpe().multivariate(false).startup(3).candidates(5).priorWeight(2),
        Sampler.gaussianProcess().candidates(64),
        Sampler.nsga2().population(8));
  }

  /** Any point: what is proposed must be allowed, active exactly where the conditions say so. */
  static void assertInside(Space space, Params params) {
    double[] codes = params.codes();
    for (int i = 0; i < codes.length; i++) {
      boolean active = space.isActive(i, codes);
      assertThat(Double.isNaN(codes[i])).as("%s", space.axis(i).parameter()).isEqualTo(!active);
      if (active) {
        assertThat(space.axis(i).accepts(codes[i]))
            .as("%s at %s", space.axis(i).parameter(), codes[i])
            .isTrue();
      }
    }
    assertThat(space.params(params.asMap())).isEqualTo(params);
  }

  static Space randomSpace(Random random) {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.choice("root", "a", "b", "c"));
    int size = 1 + random.nextInt(5);
    for (int i = 0; i < size; i++) {
      double low = random.nextGaussian() * 10;
      Parameter next =
          switch (random.nextInt(6)) {
            case 0 -> Parameter.real("p" + i, low, low + random.nextDouble() * 100);
            case 1 -> Parameter.real("p" + i, 1e-8, 1e-8 + random.nextDouble()).log();
            case 2 -> Parameter.real("p" + i, low, low + 7).step(0.1 + random.nextDouble() * 3);
            case 3 -> Parameter.integer("p" + i, (int) low, (int) low + random.nextInt(1000));
            case 4 -> Parameter.integer("p" + i, 1, 1 + random.nextInt(500)).log();
            default -> Parameter.flag("p" + i);
          };
      parameters.add(random.nextInt(3) == 0 ? next.when("root", "a", "c") : next);
    }
    return Space.of(parameters);
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void proposals_areInsideTheSpace(Sampler sampler) {
    for (int seed = 0; seed < 12; seed++) {
      Space space = randomSpace(new Random(seed));
      Study study =
          Study.with(sampler)
              .trials(24)
              .seed(seed)
              .lag(1 + seed % 4)
              .minimize(
                  space,
                  params -> {
                    int hash = params.toString().hashCode();
                    if (hash % 11 == 0) {
                      throw new IllegalStateException("no luck");
                    }
                    return hash % 13 == 0 ? Double.NaN : hash % 17 == 0 ? 1e308 * 10 : hash;
                  });
      study.trials().forEach(trial -> assertInside(space, trial.params()));
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void constantScores_doNotDisturb(Sampler sampler) {
    Study study = Study.with(sampler).trials(20).minimize(SpaceTest.MIXED, params -> 1);
    study.trials().forEach(trial -> assertInside(SpaceTest.MIXED, trial.params()));
    assertThat(study.best().number()).isZero();
  }

  @Test
  void grid_triesEachCombinationOnce() {
    Space space =
        Space.of(
            Parameter.choice("kind", "a", "b"),
            Parameter.integer("depth", 1, 3).when("kind", "a"),
            Parameter.real("rate", 1, 100).log(),
            Parameter.flag("bias").when("depth", 3));
    Study study = Study.grid(3).minimize(space, params -> params.real("rate"));
    List<String> points = study.trials().stream().map(trial -> trial.params().toString()).toList();
    // kind a: depth 1, 2 without bias, 3 with both, so (1 + 1 + 2) x 3 rates; kind b: 3 rates
    assertThat(points).hasSize(15).doesNotHaveDuplicates();
    assertThat(points).startsWith("{kind=a, depth=1, rate=1.0}").endsWith("{kind=b, rate=100.0}");
    assertThat(study.stopReason()).isEqualTo(StopReason.EXHAUSTED);
    assertThat(study.bestScore()).isEqualTo(1);
    Study plain = Study.grid(4).minimize(Space.of(Parameter.integer("x", 1, 100)), p -> 1);
    assertThat(plain.trials().stream().map(t -> t.params().integer("x")))
        .containsExactly(1, 34, 67, 100);
  }

  @Test
  void grid_tooLarge_isRefused() {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      parameters.add(Parameter.real("p" + i, 0, 1));
    }
    assertThatThrownBy(() -> Study.grid(2).minimize(Space.of(parameters), params -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 1,000,000 points");
    assertThatThrownBy(() -> Sampler.grid(1)).hasMessageContaining("at least 2 levels, but was 1");
  }

  @Test
  void options_outOfRange_nameTheValue() {
    assertThatThrownBy(() -> Sampler.tpe().startup(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> Sampler.tpe().candidates(-1)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> Sampler.tpe().priorWeight(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> Sampler.nsga2().population(3)).hasMessageContaining("was 3");
    assertThatThrownBy(() -> Sampler.gaussianProcess().startup(1)).hasMessageContaining("was 1");
    assertThatThrownBy(() -> Sampler.gaussianProcess().candidates(0)).hasMessageContaining("0");
  }

  /** Each learning sampler must beat blind luck on a bowl by far. */
  @Test
  void learningSamplers_findTheBottom() {
    Space bowl =
        Space.of(
            Parameter.real("x", -5, 5),
            Parameter.real("y", 1e-3, 1e3).log(),
            Parameter.choice("kind", "wrong", "right", "bad"),
            Parameter.integer("n", 0, 20));
    Score score =
        params -> {
          double x = params.real("x") - 1;
          double y = Math.log10(params.real("y")) + 1;
          double n = (params.integer("n") - 13) / 4.0;
          return x * x + y * y + n * n + (params.choice("kind").equals("right") ? 0 : 3);
        };
    double random = median(Study.random(), bowl, score);
    assertThat(median(Study.tpe(), bowl, score)).isLessThan(random / 3);
    assertThat(median(Study.tpe().lag(8).workers(8), bowl, score)).isLessThan(random / 2);
    assertThat(median(Study.with(Sampler.nsga2().population(12)), bowl, score)).isLessThan(random);
    assertThat(median(Study.with(Sampler.gaussianProcess().candidates(256)), bowl, score))
        .isLessThan(random / 50);
  }

  private static double median(StudyOptions options, Space space, Score score) {
    double[] best = new double[5];
    for (int seed = 0; seed < best.length; seed++) {
      best[seed] = options.trials(60).seed(seed).minimize(space, score).bestScore();
    }
    java.util.Arrays.sort(best);
    return best[best.length / 2];
  }

  @Test
  void sobol_coversChoicesEvenly() {
    Space space = Space.of(Parameter.choice("c", "a", "b", "c", "d"), Parameter.real("x", 0, 1));
    Study study = Study.sobol().trials(64).minimize(space, params -> 0);
    Set<String> cells = new HashSet<>();
    study
        .trials()
        .forEach(t -> cells.add(t.params().choice("c") + (int) (16 * t.params().real("x"))));
    assertThat(cells).hasSize(64);
  }
}

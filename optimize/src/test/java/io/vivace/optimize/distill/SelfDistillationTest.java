package io.vivace.optimize.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.vivace.core.FitContext;
import io.vivace.core.Progress;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.TrainerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Points in the plane: is x + y above 0? */
class SelfDistillationTest {
  private static final Dataset<float[], Integer> TRAINING = points(0, 60);
  private static final Dataset<float[], Integer> HELD_OUT = points(60, 20);
  private static final FitContext<float[], Integer> JUDGED =
      FitContext.<float[], Integer>defaults().validation(HELD_OUT);

  /** What the trainer of each generation heard of its predecessor, and its own last answers. */
  private final List<List<List<float[]>>> told = new ArrayList<>();

  private final List<List<float[]>> given = new ArrayList<>();

  private static Dataset<float[], Integer> points(int from, int count) {
    List<float[]> inputs =
        IntStream.range(from, from + count)
            .mapToObj(i -> new float[] {(float) Math.sin(i * 1.7), (float) Math.cos(i * 2.3)})
            .toList();
    return Dataset.of(inputs, inputs.stream().map(p -> p[0] + p[1] > 0 ? 1 : 0).toList());
  }

  private static TrainerBuilder<float[], Lesson<Integer>, float[]> network(
      Loss<Lesson<Integer>> loss, int classes) {
    return Trainer.block(
            () ->
                new SequentialBlock()
                    .add(Linear.builder().setUnits(4).build())
                    .add(Activation.reluBlock())
                    .add(Linear.builder().setUnits(classes).build()))
        .input(VectorInput.floats(2))
        .output(VectorOutput.floats())
        .loss(loss)
        .optimizer(Optimizer.adam(0.02))
        .batchSize(16)
        .epochs(3);
  }

  private Trainer<float[], Lesson<Integer>, float[]> heard(Loss<Lesson<Integer>> loss) {
    int generation = told.size();
    told.add(List.of());
    given.add(List.of());
    return network(loss, 2)
        .metric(
            "heard",
            (lessons, answers) -> {
              told.set(generation, lessons.stream().map(Lesson::answers).toList());
              given.set(generation, answers);
              return 0;
            })
        .build();
  }

  private static SelfDistillation<float[], Integer> of(
      Function<Loss<Lesson<Integer>>, Trainer<float[], Lesson<Integer>, float[]>> network) {
    return SelfDistillation.of(Loss.crossEntropy(), network);
  }

  @Test
  void teacherOfEachGeneration_isTheOneBefore() {
    try (SelfTaughtModel<float[]> kept =
        of(this::heard).generations(4).temperature(2).fit(TRAINING, JUDGED)) {
      assertThat(told).hasSize(4);
      assertThat(told.get(0)).allMatch(List::isEmpty);
      for (int generation = 1; generation < 4; generation++) {
        for (int i = 0; i < HELD_OUT.size(); i++) {
          assertThat(told.get(generation).get(i)).hasSize(1);
          assertThat(told.get(generation).get(i).get(0))
              .as("generation %d, example %d", generation + 1, i)
              .containsExactly(given.get(generation - 1).get(i), within(1e-5f));
        }
        assertThat(given.get(generation).get(0))
            .as("it started afresh, with a seed of its own")
            .isNotEqualTo(given.get(generation - 1).get(0));
      }
      double best = kept.scores().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
      assertThat(kept.scores()).hasSize(4);
      assertThat(kept.scores().get(kept.generation() - 1)).isEqualTo(best).isNegative();
      assertThat(best)
          .as("the negative cross-entropy of the kept one's answers")
          .isCloseTo(-crossEntropy(kept.predictAll(HELD_OUT.inputs())), within(1e-5));
    }
  }

  private static double crossEntropy(List<float[]> answers) {
    double sum = 0;
    for (int i = 0; i < answers.size(); i++) {
      float[] scores = answers.get(i);
      double right = scores[HELD_OUT.get(i).label()];
      sum += Math.log(Math.exp(scores[0]) + Math.exp(scores[1])) - right;
    }
    return sum / answers.size();
  }

  @Test
  void bestGeneration_isKept_theEarliestOfEquals() {
    assertKept(2, 0.1, 0.9, 0.5);
    assertKept(1, 0.9, 0.9, 0.9);
    assertKept(3, Double.NaN, 0.2, 0.3);
    assertKept(1, 0.3, Double.NaN, 0.2);
  }

  private void assertKept(int wanted, double... scores) {
    told.clear();
    given.clear();
    AtomicInteger judged = new AtomicInteger();
    List<String> heard = new ArrayList<>();
    FitContext<float[], Integer> context =
        JUDGED.progress(step -> heard.add(step.stage() + ' ' + step.done() + '/' + step.total()));
    try (SelfTaughtModel<float[]> kept =
        of(this::heard)
            .maximize((truth, answers) -> scores[judged.getAndIncrement()])
            .fit(TRAINING, context)) {
      assertThat(kept.generation()).isEqualTo(wanted);
      assertThat(kept.scores()).hasSize(3);
      List<float[]> answers = kept.predictAll(HELD_OUT.inputs());
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i)).containsExactly(given.get(wanted - 1).get(i), within(1e-5f));
      }
      assertThat(kept.model().learningCurve().epochs()).hasSize(3);
    }
    assertThat(heard)
        .contains("generation 1/epoch 3/3", "generation 2/teacher 60/60", "generation 3/3")
        .doesNotContain("generation 1/teacher 60/60");
  }

  @Test
  void withoutValidation_theLastOneIsKept_andUnlabelledInputsJoinTheSecond() {
    List<Integer> unknown = new ArrayList<>();
    List<float[]> more = points(80, 40).inputs();
    SelfDistillation<float[], Integer> again =
        of(loss -> {
              int generation = unknown.size();
              unknown.add(0);
              Loss<Lesson<Integer>> counted =
                  (outputs, lessons) -> {
                    int missing =
                        (int) lessons.stream().filter(lesson -> lesson.label().isEmpty()).count();
                    unknown.set(generation, unknown.get(generation) + missing);
                    return loss.of(outputs, lessons);
                  };
              return network(counted, 2).build();
            })
            .unlabelled(more)
            .weights(1, 2);
    try (SelfTaughtModel<float[]> kept = again.fit(TRAINING)) {
      assertThat(unknown).containsExactly(0, 3 * 40, 3 * 40);
      assertThat(kept.generation()).isEqualTo(3);
      assertThat(kept.scores()).containsOnly(Double.NaN);
    }
  }

  @Test
  void whatDoesNotFit_isRefused() {
    AtomicInteger made = new AtomicInteger(1);
    assertThatThrownBy(
            () -> of(loss -> network(loss, made.incrementAndGet()).build()).fit(TRAINING, JUDGED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("teacher 0 gives 2 scores, but the student's first output has shape");
    assertThatThrownBy(() -> of(this::heard).fit(Dataset.of(List.of(), List.of())))
        .hasMessageContaining("no labelled examples");
    assertThatThrownBy(
            () ->
                of(loss -> network(loss, 2).build())
                    .fit(Dataset.of(TRAINING.inputs().subList(0, 2), List.of(0, 7))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7");
    assertThatThrownBy(() -> of(this::heard).generations(1)).hasMessageContaining("from 2 to 100");
    assertThatThrownBy(() -> of(this::heard).temperature(0)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> of(this::heard).weights(-1, 1)).hasMessageContaining("label weight");
  }

  @Test
  void stopSignal_endsItWithinAGeneration_alsoWhileThePredecessorIsAsked() {
    AtomicBoolean stop = new AtomicBoolean();
    Progress stopping =
        step -> {
          if (step.stage().equals("generation 2/teacher") && step.done() == 64) {
            stop.set(true);
          }
        };
    SelfDistillation<float[], Integer> again =
        of(this::heard).unlabelled(points(100, 100).inputs());
    FitContext<float[], Integer> context = JUDGED.progress(stopping).stopSignal(stop::get);
    assertThatThrownBy(() -> again.fit(TRAINING, context))
        .isInstanceOf(CancellationException.class);
    assertThat(told).as("the second trainer was not made").hasSize(1);
  }
}

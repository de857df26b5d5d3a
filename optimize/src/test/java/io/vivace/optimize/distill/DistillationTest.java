package io.vivace.optimize.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillationTest {
  private static final float[][] STUDENT = {{1, -2, 0.5f}, {0.3f, 0.2f, -0.1f}};
  private static final float[][] TEACHER = {{2, -1, 0}, {-1, 0.5f, 3}};
  private static final float[][] OTHER = {{0, 0, 1}, {1, 1, 1}};

  /** PyTorch 2.13 in float64: T squared times kl_div of the soft scores, batchmean. */
  private static final double KL1 = 0.5657955;

  private static final double KL4 = 0.9605206;
  private static final double TWO = 0.5082853;
  private static final double HALF_CE = 0.6729553;

  @TempDir Path folder;

  private static Predictor<Integer, float[]> table(float[][] rows) {
    return Predictor.of(row -> rows[row]);
  }

  private static double value(Distillation<Integer, Integer> distillation, boolean labelled) {
    Dataset<Integer, Integer> known =
        labelled ? Dataset.of(List.of(1), List.of(2)) : Dataset.of(List.of(), List.of());
    List<Integer> unknown = labelled ? List.of(0) : List.of(1, 0);
    Dataset<Integer, Lesson<Integer>> lessons = distillation.of(known, unknown);
    try (NDManager manager = TrainingEngine.newManager()) {
      NDList outputs = new NDList(manager.create(new float[][] {STUDENT[1], STUDENT[0]}));
      return distillation
          .loss()
          .of(outputs, lessons.labels())
          .toType(DataType.FLOAT32, false)
          .getFloat();
    }
  }

  private static Distillation<Integer, Integer> from(float[][] teacher) {
    return Distillation.from(table(teacher), Loss.crossEntropy());
  }

  @Test
  void loss_equalsPyTorchsDivergence_timesTemperatureSquared() {
    assertThat(value(from(TEACHER).temperature(1), false)).isCloseTo(KL1, within(1e-5));
    assertThat(value(from(TEACHER).temperature(4), false)).isCloseTo(KL4, within(1e-5));
    Distillation<Integer, Integer> two =
        from(TEACHER).temperature(2).teacher(table(OTHER), 1 / 3.0);
    assertThat(value(two, false)).isCloseTo(TWO, within(1e-5));
    assertThat(value(from(TEACHER).temperature(4).weights(2, 0.5), true))
        .isCloseTo(KL4 / 2 + 2 * HALF_CE, within(1e-5));
    assertThat(value(from(STUDENT), false)).isCloseTo(0, within(1e-5));
  }

  @Test
  void cache_isUsedForTheSameInputsOnly() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    Predictor<float[], float[]> counting =
        Predictor.of(
            item -> {
              asked.incrementAndGet();
              return new float[] {item[0], 1};
            });
    Path file = folder.resolve("answers");
    Distillation<float[], Integer> distillation =
        Distillation.<float[], Integer>from(counting, Loss.crossEntropy()).cache(file);
    Dataset<float[], Integer> none = Dataset.of(List.of(), List.of());
    List<float[]> inputs = numbers(1);
    Dataset<float[], Lesson<Integer>> first = distillation.of(none, inputs);
    assertThat(asked.getAndSet(0)).isEqualTo(20);
    Dataset<float[], Lesson<Integer>> again = distillation.of(none, inputs);
    assertThat(asked.getAndSet(0)).isEqualTo(3);
    assertThat(again.get(2).label().answers().get(0))
        .isEqualTo(first.get(2).label().answers().get(0));

    distillation.of(none, numbers(2));
    assertThat(asked.getAndSet(0)).isEqualTo(20);
    byte[] good = Files.readAllBytes(file);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    for (byte[] damaged :
        List.of(Arrays.copyOf(good, good.length - 3), Arrays.copyOf(good, 9), flipped)) {
      Files.write(file, damaged);
      distillation.of(none, numbers(2));
      assertThat(asked.getAndSet(0)).isEqualTo(20);
      assertThat(Files.readAllBytes(file)).isEqualTo(good);
    }
  }

  @Test
  void cache_ofAnotherTeacher_isWrittenAnew() {
    Path file = folder.resolve("answers");
    for (float shift : new float[] {0, 1}) {
      Predictor<float[], float[]> teacher = Predictor.of(item -> new float[] {item[0] + shift, 1});
      Distillation<float[], Integer> distillation =
          Distillation.<float[], Integer>from(teacher, Loss.crossEntropy()).cache(file);
      Lesson<Integer> lesson =
          distillation.of(Dataset.of(List.of(), List.of()), numbers(1)).get(2).label();
      assertThat(lesson.answers().get(0)).containsExactly(3 + shift, 1);
    }
  }

  private static final Dataset<float[], Integer> NONE = Dataset.of(List.of(), List.of());

  /** A teacher that is in the middle of an answer while another thread gives the signal. */
  @Test
  void stopSignal_givenWhileTheTeacherAnswers_endsTheAskingBeforeTheNextInputs() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    Predictor<float[], float[]> slow =
        Predictor.of(
            item -> {
              if (asked.incrementAndGet() == 100) {
                busy.countDown();
                await(stopped);
              }
              return new float[] {item[0], 1};
            });
    Path file = folder.resolve("answers");
    AtomicBoolean stop = new AtomicBoolean();
    List<String> heard = new ArrayList<>();
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults()
            .stopSignal(stop::get)
            .progress(step -> heard.add(step.toString()));
    Distillation<float[], Integer> distillation =
        Distillation.<float[], Integer>from(slow, Loss.crossEntropy()).cache(file);
    CompletableFuture<Dataset<float[], Lesson<Integer>>> lessons =
        CompletableFuture.supplyAsync(
            () -> distillation.of(NONE, numbers(1, 1000), context),
            task -> new Thread(task).start());
    await(busy);
    stop.set(true);
    stopped.countDown();
    assertThatThrownBy(lessons::join).hasCauseInstanceOf(CancellationException.class);
    assertThat(asked).hasValue(2 * Asking.CHUNK);
    assertThat(heard).containsExactly("teacher 64/1000", "teacher 128/1000");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void stopSignal_leavesFilesOfTeachersBeforeWhole_andOldOnesAsTheyWere() throws IOException {
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    Path file = folder.resolve("answers");
    Distillation<float[], Integer> two =
        Distillation.<float[], Integer>from(counting(first), Loss.crossEntropy())
            .teacher(counting(second), 1)
            .cache(file);
    two.of(NONE, numbers(500, 130));
    Path other = folder.resolve("answers.1");
    byte[] old = Files.readAllBytes(other);
    first.set(0);
    second.set(0);

    List<Long> done = new ArrayList<>();
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults().progress(step -> done.add(step.done()));
    assertThatThrownBy(
            () -> two.of(NONE, numbers(1, 130), context.stopSignal(() -> second.get() >= 128)))
        .isInstanceOf(CancellationException.class);
    assertThat(second).hasValue(128);
    assertThat(done).containsExactly(64L, 128L, 130L, 194L, 258L);
    assertThat(Files.readAllBytes(other)).isEqualTo(old);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("answers", "answers.1");

    done.clear();
    first.set(0);
    two.of(NONE, numbers(1, 130), context);
    assertThat(first).as("the first one's file is used").hasValue(3);
    assertThat(done).containsExactly(130L, 194L, 258L, 260L);
    assertThat(Files.readAllBytes(other)).isNotEqualTo(old);
    assertThatThrownBy(() -> two.of(NONE, numbers(1, 130), context.stopSignal(() -> true)))
        .isInstanceOf(CancellationException.class);
    assertThat(first).as("a signal given before").hasValue(3);
  }

  @Test
  void stopSignal_endsTheAskingForValues_too() {
    AtomicInteger asked = new AtomicInteger();
    Distillation<float[], Integer> values =
        Distillation.<float[], Integer>fromValues()
            .match(Match.output(ValueLoss.meanSquaredError()), counting(asked));
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults().stopSignal(() -> asked.get() > 60);
    assertThatThrownBy(() -> values.of(NONE, numbers(1, 1000), context))
        .isInstanceOf(CancellationException.class);
    assertThat(asked).as("one for the shape, then one part").hasValue(1 + Asking.CHUNK);
  }

  private static Predictor<float[], float[]> counting(AtomicInteger asked) {
    return Predictor.of(
        item -> {
          asked.incrementAndGet();
          return new float[] {item[0], 1};
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<float[]> numbers(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> new float[] {i}).toList();
  }

  private static List<float[]> numbers(int first) {
    return IntStream.range(first, first + 20).mapToObj(i -> new float[] {i}).toList();
  }

  @Test
  void teacher_whoseAnswersDoNotFit_isRefused() {
    assertThatThrownBy(() -> value(from(new float[][] {{1, 2}, {1, 2}}), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("teacher 0 gives 2 scores, but the student gives 3");
    assertThatThrownBy(() -> value(from(new float[][] {{1, 2}, {1, 2, 3}}), false))
        .hasMessageContaining("differ in length");
    assertThatThrownBy(() -> value(from(new float[][] {{1, 2, 3}, {1, Float.NaN, 3}}), false))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Lesson<>(Optional.empty(), List.of()))
        .hasMessageContaining("at least one teacher");
    Loss<Lesson<Integer>> loss = from(TEACHER).loss();
    List<Lesson<Integer>> unanswered =
        List.of(new Lesson<>(Optional.of(1), List.of()), new Lesson<>(Optional.of(2), List.of()));
    assertThatThrownBy(() -> loss.check(unanswered))
        .hasMessageContaining("the loss compares 1 answers, but a lesson has 0");
    assertThatThrownBy(() -> from(TEACHER).temperature(0)).hasMessageContaining("temperature");
  }
}

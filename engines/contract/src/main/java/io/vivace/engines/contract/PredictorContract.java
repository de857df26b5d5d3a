package io.vivace.engines.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.PartialResultException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a predictor does on every engine. */
public abstract class PredictorContract implements EngineSubject {
  private static final int THREADS = 16;

  /** For subclasses. */
  protected PredictorContract() {}

  private PredictorBuilder<float[], float[]> builder(String model, VectorInput<float[]> input) {
    return Predictor.builder()
        .model(ModelSource.path(ContractModels.file(model, format())))
        .input(input)
        .output(VectorOutput.floats())
        .engine(provider().name());
  }

  private Predictor<float[], float[]> digits() {
    return builder(ContractModels.DIGITS, VectorInput.floats(64)).build();
  }

  private static List<float[]> images(int count) {
    Random random = new Random(11);
    return Stream.generate(() -> image(random)).limit(count).toList();
  }

  private static float[] image(Random random) {
    float[] pixels = new float[64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(17) / 16f;
    }
    return pixels;
  }

  /** Batches of another size sum in another order. */
  private static void assertClose(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      float error = 1e-4f * (1 + Math.abs(wanted[i]));
      assertThat(found[i]).as("at %d", i).isCloseTo(wanted[i], within(error));
    }
  }

  private static void assertClose(List<float[]> found, List<float[]> wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      assertClose(found.get(i), wanted.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ContractModels.CONV_20, ContractModels.CONV_24})
  void predict_convolution_answersAsReference(String name) {
    Golden golden = Golden.of(name).get(0);
    try (var predictor = builder(name, VectorInput.floats(Shape.of(3, 8, 8))).build()) {
      float[] answer = predictor.predict(golden.inputs().get(0).tensor().toFloats());
      assertClose(answer, golden.outputs().get(0).tensor().toFloats());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 100})
  void predictAll_batchesOfAnySize_answerAsOneByOne(int size) {
    List<float[]> images = images(70);
    try (var alone = digits();
        var batched =
            builder(ContractModels.DIGITS, VectorInput.floats(64)).maxBatchSize(size).build()) {
      List<float[]> wanted = images.stream().map(alone::predict).toList();
      assertClose(batched.predictAll(images), wanted);
      assertClose(batched.predictEach(images).stream().map(Outcome::get).toList(), wanted);
      assertThat(batched.predictAll(List.of())).isEmpty();
    }
  }

  @Test
  void predictAsync_manyCalls_answerAsOneByOne() {
    List<float[]> images = images(100);
    try (var predictor = digits()) {
      List<CompletableFuture<float[]>> futures =
          images.stream().map(predictor::predictAsync).toList();
      for (int i = 0; i < futures.size(); i++) {
        assertClose(futures.get(i).join(), predictor.predict(images.get(i)));
      }
    }
  }

  @Test
  void predictAll_oneBadRowOf64_failsAloneAndTheOthersAnswer() {
    List<float[]> items = new ArrayList<>(images(64));
    items.set(17, new float[63]);
    try (var predictor = digits()) {
      List<Outcome<float[]>> outcomes = predictor.predictEach(items);
      for (int i = 0; i < items.size(); i++) {
        if (i != 17) {
          assertClose(outcomes.get(i).get(), predictor.predict(items.get(i)));
        }
      }
      assertThat(outcomes.get(17).error())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("63")
          .hasMessageContaining("64");
      assertThatExceptionOfType(PartialResultException.class)
          .isThrownBy(() -> predictor.predictAll(items))
          .satisfies(e -> assertThat(e.failedRows()).containsExactly(17));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 65, 128})
  void predict_wrongLength_isRefusedAndThePredictorLives(int length) {
    try (var predictor = digits()) {
      float[] image = images(1).get(0);
      float[] before = predictor.predict(image);
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> predictor.predict(new float[length]))
          .withMessageContaining("64")
          .withMessageContaining(Integer.toString(length));
      assertThat(predictor.predict(image)).isEqualTo(before);
    }
  }

  @Test
  void predict_notANumber_isPassedOnOrRefusedAsTheCodecSays() {
    float[] image = images(1).get(0);
    image[5] = Float.NaN;
    try (var lenient = digits();
        var strict = builder(ContractModels.DIGITS, VectorInput.floats(64).finite()).build()) {
      assertThat(lenient.predict(image)).hasSize(10);
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> strict.predict(image));
    }
  }

  @Test
  void build_codecThatDoesNotFitTheModel_namesBothShapes() {
    var wrong = builder(ContractModels.DIGITS, VectorInput.floats(63));
    var thrown = assertThatThrownBy(() -> wrong.build().close()).hasMessageContaining("63");
    if (format() == ModelFormat.ONNX) {
      thrown
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"input\" float32 [?, 64]")
          .hasMessageContaining("digits-mlp.onnx");
    }
  }

  @Test
  void predict_manyThreads_answersAsAlone() throws InterruptedException, ExecutionException {
    List<float[]> images = images(32);
    try (var predictor = digits()) {
      List<float[]> wanted = images.stream().map(predictor::predict).toList();
      inThreads(
          (thread) -> {
            for (int i = 0; i < 300; i++) {
              int item = (thread + i) % images.size();
              assertClose(predictor.predict(images.get(item)), wanted.get(item));
            }
          },
          () -> {});
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  @Timeout(60)
  void close_while16ThreadsPredict_givesEachAnAnswerOrClosed(int round)
      throws InterruptedException, ExecutionException {
    List<float[]> images = images(8);
    var predictor = digits();
    CountDownLatch running = new CountDownLatch(THREADS);
    inThreads(
        (thread) -> {
          try {
            for (int i = 0; ; i++) {
              float[] image = images.get((thread + round) % images.size());
              List<float[]> answers =
                  switch (thread % 3) {
                    case 0 -> List.of(predictor.predict(image));
                    case 1 -> predictor.predictAll(images);
                    default -> List.of(predictor.predictAsync(image).join());
                  };
              assertThat(answers).allMatch(answer -> answer.length == 10);
              if (i == 3) {
                running.countDown();
              }
            }
          } catch (PredictorClosedException e) {
            assertThat(e).hasMessageContaining("digits-mlp");
          } catch (java.util.concurrent.CompletionException e) {
            assertThat(e).hasCauseInstanceOf(PredictorClosedException.class);
          }
        },
        () -> {
          running.await();
          predictor.close();
          predictor.close();
        });
    assertThatExceptionOfType(PredictorClosedException.class)
        .isThrownBy(() -> predictor.predict(images.get(0)));
  }

  private interface Body {
    void run(int thread);
  }

  private interface Action {
    void run() throws InterruptedException;
  }

  private static void inThreads(Body body, Action meanwhile)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        futures.add(threads.submit(() -> body.run(number)));
      }
      meanwhile.run();
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}

package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Outcome;
import io.vivace.core.OverloadedException;
import io.vivace.core.PartialResultException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.ModelRow;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.RowWriter;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PredictorTest {
  /** Rows of numbers, of a fixed length or of any. */
  record Rows(long length) implements Preprocessor<float[]> {
    @Override
    public List<TensorSpec> tensors() {
      return List.of(TensorSpec.of(ElementType.FLOAT32, length));
    }

    @Override
    public EncodedRow encode(float[] item) {
      if (length != Shape.ANY && item.length != length) {
        throw new InvalidInputException("wanted " + length + " numbers, but was " + item.length);
      }
      return new EncodedRow() {
        @Override
        public void write(int tensor, RowWriter out) {
          out.putFloats(item);
          for (int i = item.length; i < out.size(); i++) {
            out.putFloat(i, 0);
          }
        }

        @Override
        public Shape shape(int tensor, TensorSpec spec) {
          return Shape.of(item.length);
        }
      };
    }
  }

  private static final Postprocessor<Float> FIRST = row -> row.output(0).getFloat(0);

  private static Signature signature(long batch, long length) {
    return new Signature(
        List.of(TensorSpec.of("x", ElementType.FLOAT32, batch, length)),
        List.of(TensorSpec.of("sum", ElementType.FLOAT32, batch, 1)));
  }

  /** The sum of each row; fails as a whole where a number is 666. */
  private static List<Tensor> sums(List<Tensor> inputs) {
    Tensor input = inputs.get(0);
    int rows = (int) input.shape().dimension(0);
    int length = (int) input.shape().dimension(1);
    float[] values = input.toFloats();
    float[] sums = new float[rows];
    for (int i = 0; i < values.length; i++) {
      if (values[i] == 666) {
        throw new IllegalArgumentException("the beast");
      }
      sums[i / length] += values[i];
    }
    return List.of(Tensor.of(sums, rows, 1));
  }

  private static StubEngine.Model sumModel(long batch, long length) {
    return new StubEngine.Model(signature(batch, length), PredictorTest::sums);
  }

  private static PredictorBuilder<float[], Float> builder(StubEngine.Model model, long length) {
    return Predictor.builder().model(model.source()).input(new Rows(length)).output(FIRST);
  }

  @Test
  void predict_row_givesItsSum() {
    try (var predictor = builder(sumModel(Shape.ANY, 3), 3).build()) {
      assertThat(predictor.predict(new float[] {1, 2, 3})).isEqualTo(6);
      assertThat(predictor.predict(new float[] {4, 5, 6})).isEqualTo(15);
      assertThat(predictor.signature()).isEqualTo(signature(Shape.ANY, 3));
    }
  }

  @Test
  void predict_badItem_throwsInvalidInput() {
    try (var predictor = builder(sumModel(Shape.ANY, 3), 3).build()) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("wanted 3 numbers, but was 2");
      assertThatThrownBy(() -> predictor.predict(null)).isInstanceOf(InvalidInputException.class);
      assertThat(predictor.predict(new float[] {1, 1, 1})).isEqualTo(3);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what callers without such a check may do
  void predict_nullOptions_isToldWithoutLosingPermits() {
    CallOptions none = null;
    try (Predictor<float[], Float> predictor = builder(sumModel(1, 1), 1).maxPending(1).build()) {
      assertThatThrownBy(() -> predictor.predict(new float[] {1}, none))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("options must not be null");
      assertThatThrownBy(() -> predictor.predictAsync(new float[] {1}, none))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("options must not be null");

      assertThat(predictor.predict(new float[] {1})).isEqualTo(1);
    }
  }

  @Test
  void predict_codecThrowsAnything_becomesInvalidInputOrEngineException() {
    StubEngine.Model model = sumModel(Shape.ANY, 3);
    Preprocessor<float[]> broken =
        new Preprocessor<>() {
          @Override
          public List<TensorSpec> tensors() {
            return new Rows(3).tensors();
          }

          @Override
          public EncodedRow encode(float[] item) {
            throw new IllegalStateException("broken");
          }
        };
    try (var predictor =
        Predictor.builder().model(model.source()).input(broken).output(FIRST).build()) {
      assertThatThrownBy(() -> predictor.predict(new float[3]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("broken");
    }
    Postprocessor<Float> noAnswer =
        row -> {
          throw new IllegalStateException("no answer");
        };
    try (var predictor =
        Predictor.builder().model(model.source()).input(new Rows(3)).output(noAnswer).build()) {
      assertThatThrownBy(() -> predictor.predict(new float[3]))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void predictAll_manyRows_answersInOrderAndInBatches() {
    StubEngine.Model model = sumModel(Shape.ANY, 2);
    try (var predictor = builder(model, 2).warmUp(false).concurrency(1).build()) {
      List<float[]> items = IntStream.range(0, 150).mapToObj(i -> new float[] {i, 1}).toList();
      List<Float> sums = predictor.predictAll(items);
      assertThat(sums)
          .containsExactlyElementsOf(IntStream.range(0, 150).mapToObj(i -> i + 1f).toList());
      assertThat(model.runs).as("150 rows, at most 64 a run").hasValue(3);
    }
  }

  @Test
  void predictAll_noItems_givesNoAnswers() {
    StubEngine.Model model = sumModel(Shape.ANY, 2);
    try (var predictor = builder(model, 2).warmUp(false).build()) {
      assertThat(predictor.predictAll(List.of())).isEmpty();
      assertThat(model.runs).hasValue(0);
    }
  }

  @Test
  void predictAll_badRows_throwsWithAllOutcomes() {
    try (var predictor = builder(sumModel(Shape.ANY, 2), 2).build()) {
      List<float[]> items =
          new ArrayList<>(IntStream.range(0, 64).mapToObj(i -> new float[] {i, 0}).toList());
      items.set(7, new float[3]);
      items.set(9, null);
      PartialResultException e =
          catchThrowableOfType(PartialResultException.class, () -> predictor.predictAll(items));
      assertThat(e.failedRows()).containsExactly(7, 9);
      assertThat(e.outcomes()).hasSize(64);
      assertThat(e.outcomes().get(63).get()).isEqualTo(63f);
      assertThat(e)
          .hasMessageStartingWith("2 of 64 items failed, the first at position 7: wanted 2");
    }
  }

  @Test
  void predictEach_engineFailsOnOneRow_othersHaveAnswers() {
    try (var predictor = builder(sumModel(Shape.ANY, 2), 2).build()) {
      List<float[]> items =
          new ArrayList<>(IntStream.range(0, 64).mapToObj(i -> new float[] {i, 0}).toList());
      items.set(33, new float[] {666, 0});
      List<Outcome<Float>> outcomes = predictor.predictEach(items);
      for (int i = 0; i < 64; i++) {
        if (i == 33) {
          assertThat(outcomes.get(i).error())
              .isInstanceOf(EngineException.class)
              .hasMessageContaining("the beast");
        } else {
          assertThat(outcomes.get(i).get()).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void predictEach_rowThatCannotBeWritten_failsAloneAndLeavesNothingBehind() {
    Preprocessor<float[]> rows =
        new Preprocessor<>() {
          @Override
          public List<TensorSpec> tensors() {
            return new Rows(1).tensors();
          }

          @Override
          public EncodedRow encode(float[] item) {
            return (tensor, out) -> {
              if (item[0] < 0) {
                throw new InvalidInputException("negative");
              }
              out.putFloats(item);
            };
          }
        };
    StubEngine.Model model = sumModel(Shape.ANY, 1);
    try (var predictor =
        Predictor.builder().model(model.source()).input(rows).output(FIRST).build()) {
      List<float[]> bad = List.of(new float[] {-1}, new float[] {5}, new float[] {-2});
      List<Outcome<Float>> outcomes = predictor.predictEach(bad);
      assertThat(outcomes).extracting(Outcome::isAnswered).containsExactly(false, true, false);
      assertThat(outcomes.get(1).get()).isEqualTo(5);
      List<float[]> onlyBad = List.of(new float[] {-1}, new float[] {-2});
      assertThat(predictor.predictEach(onlyBad)).noneMatch(Outcome::isAnswered);
    }
  }

  @Test
  void predictEach_rowsOfManyLengths_sameAnswersAsOneByOne() {
    Random random = new Random(42);
    List<float[]> items = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      float[] item = new float[random.nextInt(40)];
      Arrays.fill(item, random.nextInt(5));
      items.add(item);
    }
    StubEngine.Model model = sumModel(Shape.ANY, Shape.ANY);
    try (var predictor = builder(model, Shape.ANY).concurrency(3).build()) {
      List<Float> together = predictor.predictAll(items);
      List<Float> alone = items.stream().map(predictor::predict).toList();
      assertThat(together).isEqualTo(alone);
      assertThat(model.misuse).isEmpty();
    }
  }

  @Test
  void predict_modelWithFixedBatch_isFilledUp() {
    StubEngine.Model model = sumModel(4, 2);
    try (var predictor = builder(model, 2).warmUp(false).build()) {
      assertThat(predictor.predict(new float[] {1, 2})).isEqualTo(3);
      List<float[]> six = IntStream.range(0, 6).mapToObj(i -> new float[] {i, i}).toList();
      assertThat(predictor.predictAll(six)).containsExactly(0f, 2f, 4f, 6f, 8f, 10f);
      assertThat(model.runs).hasValue(3);
    }
  }

  @Test
  void predict_modelWithoutBatchAxis_runsRowByRow() {
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("x", ElementType.FLOAT32, 2)),
            List.of(TensorSpec.of("y", ElementType.FLOAT32, 2)));
    StubEngine.Model model = new StubEngine.Model(signature, inputs -> List.of(inputs.get(0)));
    Postprocessor<float[]> copy = row -> row.output("y").toFloats();
    try (var predictor =
        Predictor.builder().model(model.source()).input(new Rows(2)).output(copy).build()) {
      List<float[]> items = List.of(new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6});
      assertThat(predictor.predictAll(items)).usingRecursiveComparison().isEqualTo(items);
    }
  }

  @Test
  void predict_decoderReadsInputs_seesWhatWasWritten() {
    Postprocessor<Float> echo = row -> row.input("x").getFloat(1) + row.output("sum").getFloat(0);
    StubEngine.Model model = sumModel(Shape.ANY, 2);
    try (var predictor =
        Predictor.builder().model(model.source()).input(new Rows(2)).output(echo).build()) {
      assertThat(predictor.predict(new float[] {1, 10})).isEqualTo(21);
    }
    Postprocessor<Float> wrong = row -> row.output("nothing").getFloat(0);
    try (var predictor =
        Predictor.builder().model(model.source()).input(new Rows(2)).output(wrong).build()) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("no output \"nothing\"")
          .hasMessageContaining("sum");
    }
  }

  @Test
  void build_modelStatesNoSignature_isLearntFromCodecAndWarmUp() {
    StubEngine.Model model = new StubEngine.Model(Signature.UNDECLARED, PredictorTest::sums);
    try (var predictor = builder(model, 3).build()) {
      assertThat(predictor.signature())
          .isEqualTo(
              new Signature(
                  List.of(TensorSpec.of(ElementType.FLOAT32, Shape.ANY, 3)),
                  List.of(TensorSpec.of(ElementType.FLOAT32, Shape.ANY, 1))));
      assertThat(predictor.predict(new float[] {1, 2, 3})).isEqualTo(6);
    }
  }

  @Test
  void build_warmUpFailsAndOptionsAreWrong_namesBothAndClosesTheModel() {
    StubEngine.Model model =
        new StubEngine.Model(
            Signature.UNDECLARED,
            inputs -> {
              throw new IllegalArgumentException("wants 4 columns");
            });
    assertThatThrownBy(() -> builder(model, 3).concurrency(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 faults (model " + model.name + ", engine Stub)")
        .hasMessageContaining("concurrency must be")
        .hasMessageContaining("wants 4 columns. Declare")
        .hasMessageContaining("[1, 3]");
    org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(model.closed).hasValue(1));
    assertThat(model.artifactsClosed).hasValue(1);
    assertThat(model.misuse).isEmpty();
  }

  @Test
  void build_manyFaults_namesAllOfThem() {
    StubEngine.Model model = sumModel(Shape.ANY, 4);
    assertThatThrownBy(
            () ->
                builder(model, 3)
                    .engine("Stub", Map.of("thread", "2"))
                    .concurrency(0)
                    .maxBatchSize(-1)
                    .maxPending(2_000_000)
                    .name(" ")
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("concurrency must be from 1 to 1,024, but was 0")
        .hasMessageContaining("maxBatchSize must be from 1 to 65,536, but was -1")
        .hasMessageContaining("maxPending must be from 1 to 1,000,000, but was 2,000,000")
        .hasMessageContaining("name must not be blank")
        .hasMessageContaining("unknown option \"thread\"; known: threads")
        .hasMessageContaining("\"x\" float32 [?, 4]")
        .hasMessageContaining("float32 [3]")
        .hasMessageContaining(model.name);
    org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(model.closed).hasValue(1));
  }

  @Test
  void build_nullStages_areFaultsToo() {
    assertThatThrownBy(
            () -> Predictor.builder().model(null).input((Rows) null).output(null).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model must not be null")
        .hasMessageContaining("input must not be null")
        .hasMessageContaining("output must not be null");
  }

  @Test
  void build_declaredModelThatDoesNotRun_isALoadFailure() {
    StubEngine.Model model =
        new StubEngine.Model(
            signature(Shape.ANY, 3),
            inputs -> {
              throw new IllegalArgumentException("no kernel");
            });
    assertThatThrownBy(() -> builder(model, 3).build())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("no kernel");
    org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(model.closed).hasValue(1));
  }

  @Test
  void build_engineThatIsNotThere_saysWhatToDo() {
    assertThatThrownBy(() -> builder(sumModel(1, 1), 1).engine("stub").build())
        .hasMessageContaining("Did you mean \"Stub\"?");
    assertThatThrownBy(() -> builder(sumModel(1, 1), 1).engine("PyTorch").build())
        .hasMessageContaining("io.vivace:vivace-engine-pytorch")
        .hasMessageContaining("pytorch-native-cpu");
    assertThatThrownBy(() -> builder(sumModel(1, 1), 1).engine((String) null).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("engine must not be null");
  }

  @Test
  void build_unknownEngine_listsThoseThereAre() {
    assertThatThrownBy(() -> builder(sumModel(1, 1), 1).engine("Stubb").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no engine \"Stubb\"")
        .hasMessageContaining("Stub");
  }

  @Test
  void build_wrongElementTypeOrRank_namesBothSides() {
    StubEngine.Model doubles =
        new StubEngine.Model(
            new Signature(
                List.of(TensorSpec.of("x", ElementType.FLOAT64, Shape.ANY, 3)), List.of()),
            PredictorTest::sums);
    assertThatThrownBy(() -> builder(doubles, 3).build())
        .hasMessageContaining("\"x\" float64 [?, 3]")
        .hasMessageContaining("float32 [3]");
    StubEngine.Model cube =
        new StubEngine.Model(
            new Signature(
                List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 3, 3, 3)), List.of()),
            PredictorTest::sums);
    assertThatThrownBy(() -> builder(cube, 3).build())
        .hasMessageContaining("[?, 3, 3, 3]")
        .hasMessageContaining("[3]");
  }

  @Test
  void toString_builder_printsEveryOption() {
    assertThat(builder(sumModel(1, 1), 1).engine("Stub").concurrency(3).name("mine"))
        .asString()
        .contains("engine=Stub", "concurrency=3", "maxBatchSize=64", "maxPending=10000")
        .contains("warmUp=true", "name=mine", "input=Rows[length=1]");
  }

  @Test
  void close_twice_freesOnce() {
    StubEngine.Model model = sumModel(Shape.ANY, 1);
    Predictor<float[], Float> predictor = builder(model, 1).build();
    predictor.predict(new float[1]);
    predictor.close();
    predictor.close();
    org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(model.closed).hasValue(1));
    assertThat(model.artifactsClosed).hasValue(1);
    assertThat(model.openContexts).hasValue(0);
    assertThat(model.misuse).isEmpty();
  }

  @Test
  void predict_afterClose_throwsPredictorClosed() {
    Predictor<float[], Float> predictor = builder(sumModel(Shape.ANY, 1), 1).build();
    predictor.close();
    assertThatThrownBy(() -> predictor.predict(new float[1]))
        .isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(() -> predictor.predictAll(List.of(new float[1])))
        .isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(() -> predictor.predictAsync(new float[1]).get())
        .hasCauseInstanceOf(PredictorClosedException.class);
  }

  @Test
  void close_whileManyThreadsPredict_answersOrPredictorClosed() throws Exception {
    for (int round = 0; round < 50; round++) {
      StubEngine.Model model = sumModel(Shape.ANY, 2);
      Predictor<float[], Float> predictor = builder(model, 2).concurrency(2).build();
      List<Throwable> wrong = new java.util.concurrent.CopyOnWriteArrayList<>();
      AtomicInteger answered = new AtomicInteger();
      CountDownLatch closed = new CountDownLatch(16);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 16; t++) {
        int number = t;
        Thread thread = new Thread(() -> hammer(predictor, number, answered, closed, wrong));
        threads.add(thread);
        thread.start();
      }
      while (answered.get() < 100) {
        Thread.onSpinWait();
      }
      predictor.close();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(wrong).isEmpty();
      assertThat(closed.getCount()).as("every thread met the closed predictor").isZero();
      assertThat(model.misuse).isEmpty();
      if (model.closed.get() == 0) { // a worker may give its lease back after its answer
        org.awaitility.Awaitility.await().until(() -> model.closed.get() != 0);
      }
      org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(model.closed).hasValue(1));
    }
  }

  private static void hammer(
      Predictor<float[], Float> predictor,
      int number,
      AtomicInteger answered,
      CountDownLatch closed,
      List<Throwable> wrong) {
    try {
      while (true) {
        float answer =
            switch (number % 3) {
              case 0 -> predictor.predict(new float[] {number, 1});
              case 1 -> predictor.predictAsync(new float[] {number, 1}).get();
              default -> predictor.predictAll(List.of(new float[] {number, 1})).get(0);
            };
        if (answer != number + 1) {
          wrong.add(new AssertionError("wrong answer " + answer));
        }
        answered.incrementAndGet();
      }
    } catch (PredictorClosedException e) {
      closed.countDown();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PredictorClosedException) {
        closed.countDown();
      } else {
        wrong.add(e);
      }
    } catch (Throwable e) {
      wrong.add(e);
    }
  }

  /** A model whose runs wait for a gate. */
  private static StubEngine.Model gated(CountDownLatch entered, CountDownLatch gate) {
    return new StubEngine.Model(
        signature(Shape.ANY, 1),
        inputs -> {
          entered.countDown();
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return sums(inputs);
        });
  }

  @Test
  void predictAsync_moreThanMaxPending_failsAtOnce() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    StubEngine.Model model = gated(entered, gate);
    try (var predictor =
        builder(model, 1).warmUp(false).concurrency(1).maxPending(2).name("busy").build()) {
      CompletableFuture<Float> first = predictor.predictAsync(new float[] {1});
      CompletableFuture<Float> second = predictor.predictAsync(new float[] {2});
      CompletableFuture<Float> third = predictor.predictAsync(new float[] {3});
      assertThatThrownBy(third::get)
          .hasCauseInstanceOf(OverloadedException.class)
          .hasMessageContaining("busy")
          .hasMessageContaining("maxPending=2");
      gate.countDown();
      assertThat(first.get()).isEqualTo(1);
      assertThat(second.get()).isEqualTo(2);
      assertThat(predictor.predictAsync(new float[] {4}).get()).isEqualTo(4);
    }
  }

  @Test
  void predictAsync_cancelledWhileWaiting_doesNotRun() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    StubEngine.Model model = gated(entered, gate);
    try (var predictor = builder(model, 1).warmUp(false).concurrency(1).build()) {
      CompletableFuture<Float> first = predictor.predictAsync(new float[] {1});
      entered.await();
      CompletableFuture<Float> second = predictor.predictAsync(new float[] {2});
      CompletableFuture<Float> third = predictor.predictAsync(new float[] {3});
      second.cancel(false);
      gate.countDown();
      assertThat(third.get()).isEqualTo(3);
      assertThat(first.get()).isEqualTo(1);
      assertThat(model.runs).hasValue(2);
    }
  }

  @Test
  void close_withWaitingCalls_failsThemAndLetsTheRunFinish() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    StubEngine.Model model = gated(entered, gate);
    var predictor = builder(model, 1).warmUp(false).concurrency(1).build();
    CompletableFuture<Float> running = predictor.predictAsync(new float[] {1});
    entered.await();
    CompletableFuture<Float> waiting = predictor.predictAsync(new float[] {2});
    predictor.close();
    assertThat(model.closed).as("closed under a run").hasValue(0);
    gate.countDown();
    assertThat(running.get()).isEqualTo(1);
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(PredictorClosedException.class);
    assertThat(model.misuse).isEmpty();
    org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(model.closed).hasValue(1));
  }

  @Test
  void predictAsync_completion_runsOnTheGivenExecutor() throws Exception {
    AtomicReference<Thread> completer = new AtomicReference<>();
    StubEngine.Model model = sumModel(Shape.ANY, 1);
    try (var predictor =
        builder(model, 1).executor(task -> new Thread(task, "mine").start()).build()) {
      CompletableFuture<Void> done =
          predictor
              .predictAsync(new float[] {1})
              .thenAccept(sum -> completer.compareAndSet(null, Thread.currentThread()));
      done.get(10, TimeUnit.SECONDS);
      assertThat(completer.get().getName()).isIn("mine", Thread.currentThread().getName());
    }
  }

  @Test
  void predict_interruptedWhileWaiting_throwsAndKeepsTheFlag() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    StubEngine.Model model = gated(entered, gate);
    try (var predictor = builder(model, 1).warmUp(false).concurrency(1).build()) {
      CompletableFuture<Float> running = predictor.predictAsync(new float[] {1});
      entered.await();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      AtomicReference<Boolean> flag = new AtomicReference<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  predictor.predict(new float[] {2});
                } catch (Throwable e) {
                  thrown.set(e);
                  flag.set(Thread.currentThread().isInterrupted());
                }
              });
      caller.start();
      caller.interrupt(); // before or while it waits: the outcome is the same
      caller.join();
      assertThat(thrown.get()).isInstanceOf(InferenceInterruptedException.class);
      assertThat(flag.get()).isTrue();
      gate.countDown();
      assertThat(running.get()).isEqualTo(1);
      assertThat(predictor.predict(new float[] {5})).isEqualTo(5);
    }
  }

  @Test
  void decode_outputWithoutBatchAxis_isAnErrorThatNamesTheShape() {
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 1)),
            List.of(TensorSpec.of("y", ElementType.FLOAT32, Shape.ANY)));
    StubEngine.Model model =
        new StubEngine.Model(signature, inputs -> List.of(Tensor.of(new float[3], 3)));
    try (var predictor =
        Predictor.builder().model(model.source()).input(new Rows(1)).output(FIRST).build()) {
      List<Outcome<Float>> outcomes = predictor.predictEach(List.of(new float[1], new float[1]));
      assertThat(outcomes.get(0).error()).hasMessageContaining("[3]").hasMessageContaining("2");
    }
  }

  @Test
  void modelRow_ofASlot_isNotKeptByTheDecoder() {
    AtomicReference<ModelRow> kept = new AtomicReference<>();
    Postprocessor<Float> keeper =
        row -> {
          kept.set(row);
          return row.output(0).getFloat(0);
        };
    StubEngine.Model model = sumModel(Shape.ANY, 1);
    try (var predictor =
        Predictor.builder().model(model.source()).input(new Rows(1)).output(keeper).build()) {
      assertThat(predictor.predictAll(List.of(new float[] {1}, new float[] {2})))
          .containsExactly(1f, 2f);
      assertThat(kept.get().signature()).isEqualTo(predictor.signature());
    }
  }
}

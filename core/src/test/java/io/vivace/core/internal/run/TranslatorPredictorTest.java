package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.vivace.core.EngineException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Overflow;
import io.vivace.core.PartialResultException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.internal.djl.PlusOne;
import io.vivace.core.internal.djl.TranslatorSlot;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.internal.schedule.Scheduler;
import io.vivace.core.internal.schedule.Sizing;
import io.vivace.core.internal.schedule.SlotPool;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TranslatorPredictorTest {
  private final PlusOne model = new PlusOne();
  private final AtomicInteger artifactClosings = new AtomicInteger();

  /** Takes arrays of numbers; what it does wrong on demand, the tests say. */
  private static class Floats implements Translator<float[], float[]> {
    private final @Nullable Batchifier batchifier;

    Floats(@Nullable Batchifier batchifier) {
      this.batchifier = batchifier;
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
      return batchifier;
    }

    @Override
    public NDList processInput(TranslatorContext context, float[] item) throws Exception {
      NDArray array = context.getNDManager().create(item);
      return new NDList(batchifier == null ? array.expandDims(0) : array);
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList outputs) throws Exception {
      return outputs.get("y").toFloatArray();
    }
  }

  private <I, O> Predictor<I, O> predictor(Translator<I, O> translator) {
    ModelArtifact artifact =
        ModelArtifact.of("plus-one", Path.of("plus-one.onnx"), ModelFormat.OTHER)
            .onClose(artifactClosings::incrementAndGet);
    Events events =
        new Events(
            InferenceListener.NONE,
            InferenceListener.NONE,
            new ModelVersion("plus-one", "1", "Plus", "cpu"));
    TranslatedModel<I, O> served =
        new TranslatedModel<>(
            "plus-one",
            model,
            artifact,
            new SlotPool<>(4, () -> TranslatorSlot.open(artifact, model, translator)),
            events);
    Admission admission = new Admission("plus-one", served.lease(), 100, Overflow.reject(), events);
    CallClock clock = new CallClock(null);
    int size = translator.getBatchifier() == null ? 1 : 3;
    Scheduler<I, O, TranslatorSlot<I, O>> scheduler =
        new Scheduler<>(
            "plus-one",
            served.slots(),
            new TranslatorEngine<>(events),
            admission,
            Sizing.adaptive(size, clock, served.slots()::answered),
            0,
            events,
            Runnable::run,
            clock);
    return new TranslatorPredictor<>(served, admission, scheduler, clock, size);
  }

  @Test
  void predict_stackingTranslator_answers() {
    try (var predictor = predictor(new Floats(Batchifier.STACK))) {
      assertThat(predictor.predict(new float[] {1, 2})).containsExactly(2, 3);
      assertThat(predictor.signature()).isEqualTo(model.signature());
    }
  }

  @Test
  void predictAll_stackingTranslator_runsBatchesOfTheGivenSize() {
    try (var predictor = predictor(new Floats(Batchifier.STACK))) {
      List<float[]> answers = predictor.predictAll(rows(1, 2, 3, 4, 5));

      assertThat(answers).extracting(row -> row[0]).containsExactly(2f, 3f, 4f, 5f, 6f);
      assertThat(model.batches).containsExactly(3L, 2L);
    }
  }

  @Test
  void predictAll_withoutBatchifier_runsEachAlone() {
    try (var predictor = predictor(new Floats(null))) {
      assertThat(predictor.predictAll(rows(1, 2)))
          .extracting(row -> row[0])
          .containsExactly(2f, 3f);
      assertThat(model.batches).containsExactly(1L, 1L);
    }
  }

  @Test
  void predictAll_nothing_answersNothing() {
    try (var predictor = predictor(new Floats(Batchifier.STACK))) {
      assertThat(predictor.predictAll(List.of())).isEmpty();
      assertThat(model.batches).isEmpty();
    }
  }

  @Test
  void predictEach_badItemsAmongGood_failAlone() {
    List<float[]> items = new ArrayList<>(rows(1, 2, Float.MAX_VALUE, 4, 5));
    items.set(1, new float[] {1, 2, 3});
    items.add(null);
    try (var predictor = predictor(new Floats(Batchifier.STACK))) {
      List<Outcome<float[]>> outcomes = predictor.predictEach(items);

      assertThat(outcomes)
          .extracting(Outcome::isAnswered)
          .containsExactly(true, false, false, true, true, false);
      assertThat(outcomes.get(1).error())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("\"x\" float32 [?, 2]")
          .hasMessageContaining("[1, 3]");
      assertThat(outcomes.get(2).error())
          .isInstanceOf(EngineException.class)
          .hasMessage("the number is too large");
      assertThat(outcomes.get(5).error()).isInstanceOf(InvalidInputException.class);
      assertThat(outcomes.get(4).get()[0]).isEqualTo(6);
    }
  }

  @Test
  void predictAll_badItem_carriesTheAnswersOfTheOthers() {
    try (var predictor = predictor(new Floats(Batchifier.STACK))) {
      assertThatThrownBy(() -> predictor.predictAll(rows(1, Float.MAX_VALUE)))
          .isInstanceOfSatisfying(
              PartialResultException.class, e -> assertThat(e.failedRows()).containsExactly(1));
    }
  }

  @Test
  void predict_translatorFailsOnInput_isInvalidInput() {
    Floats translator =
        new Floats(Batchifier.STACK) {
          @Override
          public NDList processInput(TranslatorContext context, float[] item) throws Exception {
            throw new FileNotFoundException("no such picture");
          }
        };
    try (var predictor = predictor(translator)) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("the translator cannot take the item: no such picture")
          .hasCauseInstanceOf(FileNotFoundException.class);
    }
  }

  @Test
  void predict_translatorFailsOnOutput_isAnEngineFailure() {
    try (var predictor =
        predictor(
            onOutput(
                outputs -> {
                  throw new TranslateException(new IllegalStateException("no labels"));
                }))) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("no labels")
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void predict_translatorAnswersNull_isAnEngineFailure() {
    try (var predictor = predictor(onOutput(outputs -> null))) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("an answer for each of 1 items");
    }
  }

  @Test
  void predict_arrayOperationMissing_isNamed() {
    assertMissing(outputs -> outputs.head().cumSum(0).toFloatArray(), "NDArray.cumSum (");
    assertMissing(outputs -> outputs.head().powi(2).toFloatArray(), "NDArray.powi (");
    assertMissing(outputs -> outputs.head().topK(1, 0).head().toFloatArray(), "NDArray.topK (");
    assertMissing(
        outputs -> outputs.head().getNDArrayInternal().resize(2, 2, 1).toFloatArray(),
        "NDArray.resize (");
    assertMissing(outputs -> outputs.getManager().eye(2).toFloatArray(), "NDManager.eye (");
    assertMissing(
        outputs -> outputs.head().get(outputs.getManager().create(new int[] {0})).toFloatArray(),
        "NDArray.get (");
  }

  @Test
  void predict_arrayAttachedElsewhere_stillNamesTheMissingOperation() {
    assertMissing(
        outputs -> {
          outputs.attach(outputs.getManager().getParentManager());
          return outputs.head().cumSum(0).toFloatArray();
        },
        "NDArray.cumSum (");
  }

  private void assertMissing(Output output, String operation) {
    try (var predictor = predictor(onOutput(output))) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith(operation)
          .hasMessageContaining("add io.vivace:vivace-engine-pytorch");
    }
  }

  @Test
  void predict_wrongTypeFromTranslator_namesTheInput() {
    Floats translator =
        new Floats(Batchifier.STACK) {
          @Override
          public NDList processInput(TranslatorContext context, float[] item) throws Exception {
            return new NDList(
                super.processInput(context, item).head().toType(DataType.INT64, false));
          }
        };
    try (var predictor = predictor(translator)) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("takes the input \"x\" float32 [?, 2]")
          .hasMessageContaining("gave \"x\" int64 [1, 2]");
    }
  }

  @Test
  void predict_unknownNameFromTranslator_listsTheInputs() {
    Floats translator =
        new Floats(Batchifier.STACK) {
          @Override
          public NDList processInput(TranslatorContext context, float[] item) throws Exception {
            NDList list = super.processInput(context, item);
            list.head().setName("pixels");
            return list;
          }
        };
    try (var predictor = predictor(translator)) {
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("[\"x\" float32 [?, 2]]")
          .hasMessageContaining("[pixels]");
    }
  }

  @Test
  void predictAsync_answersAndFails() throws Exception {
    try (var predictor = predictor(new Floats(Batchifier.STACK))) {
      assertThat(predictor.predictAsync(new float[] {1, 2}).get()).containsExactly(2, 3);
      assertThatThrownBy(() -> predictor.predictAsync(new float[3]).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void close_twice_closesEverythingOnce() {
    var predictor = predictor(new Floats(Batchifier.STACK));
    predictor.predict(new float[2]);

    predictor.close();
    predictor.close();

    assertThat(model.closings).hasValue(1);
    assertThat(artifactClosings).hasValue(1);
    assertThatThrownBy(() -> predictor.predict(new float[2]))
        .isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(() -> predictor.predictEach(rows(1)))
        .isInstanceOf(PredictorClosedException.class);
    assertThat(predictor.predictAsync(new float[2])).isCompletedExceptionally();
  }

  @Test
  void close_whileManyPredict_answersOrIsClosed() throws Exception {
    var predictor = predictor(new Floats(Batchifier.STACK));
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch warm = new CountDownLatch(8);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> callers = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        float first = t;
        callers.add(
            threads.submit(
                () -> {
                  int answers = 0;
                  while (!stop.get()) {
                    try {
                      assertThat(predictor.predict(new float[] {first, 0}))
                          .containsExactly(first + 1, 1);
                      if (answers++ == 0) {
                        warm.countDown();
                      }
                    } catch (PredictorClosedException e) {
                      return answers;
                    }
                  }
                  return answers;
                }));
      }
      warm.await();
      predictor.close();
      for (Future<Integer> caller : callers) {
        assertThat(caller.get()).isPositive();
      }
    } finally {
      stop.set(true);
      threads.shutdown();
    }
    assertThat(model.closings).hasValue(1);
    assertThat(model.openContexts).hasValue(0);
  }

  private interface Output {
    float @Nullable [] of(NDList outputs) throws Exception;
  }

  private static Floats onOutput(Output output) {
    return new Floats(Batchifier.STACK) {
      @Override
      public float[] processOutput(TranslatorContext context, NDList outputs) throws Exception {
        return output.of(outputs);
      }
    };
  }

  private static List<float[]> rows(float... firsts) {
    List<float[]> rows = new ArrayList<>();
    for (float first : firsts) {
      rows.add(new float[] {first, 0});
    }
    return rows;
  }
}

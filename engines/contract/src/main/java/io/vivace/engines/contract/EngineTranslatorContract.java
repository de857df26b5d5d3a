package io.vivace.engines.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How translators of DJL run on an engine. */
public abstract class EngineTranslatorContract implements EngineSubject {
  private static final double TOLERANCE = 1e-4;

  /** For subclasses. */
  protected EngineTranslatorContract() {}

  private <I, O> Predictor<I, O> predictor(String model, Translator<I, O> translator) {
    return Predictor.builder()
        .model(() -> ContractModels.artifact(model, format()))
        .translator(translator)
        .engine(provider().defaultOptions())
        .concurrency(4)
        .build();
  }

  @Test
  void predict_stackedRows_answersAsAlone() {
    Golden golden = Golden.of(ContractModels.DIGITS).get(1);
    List<float[]> rows = rows(golden.inputs().get(0).tensor());
    List<float[]> wanted = rows(golden.outputs().get(0).tensor());
    try (var predictor = predictor(ContractModels.DIGITS, new Digits(Batchifier.STACK))) {
      assertRows(predictor.predictAll(rows), wanted);
      assertRows(rows.stream().map(predictor::predict).toList(), wanted);
    }
  }

  @Test
  void predict_withoutBatchifier_takesTheArraysAsTheyAre() {
    Golden golden = Golden.of(ContractModels.DIGITS).get(0);
    List<float[]> rows = rows(golden.inputs().get(0).tensor());
    try (var predictor = predictor(ContractModels.DIGITS, new Digits(null))) {
      assertRows(predictor.predictAll(rows), rows(golden.outputs().get(0).tensor()));
    }
  }

  @Test
  void predict_classifications_areProbabilities() {
    float[] row = rows(Golden.of(ContractModels.DIGITS).get(0).inputs().get(0).tensor()).get(0);
    float[] logits = rows(Golden.of(ContractModels.DIGITS).get(0).outputs().get(0).tensor()).get(0);
    Translator<float[], Classifications> classifier =
        new Row<>(Batchifier.STACK) {
          @Override
          public Classifications processOutput(TranslatorContext context, NDList outputs) {
            List<String> digits = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
            return new Classifications(digits, outputs.singletonOrThrow().softmax(0));
          }
        };
    try (var predictor = predictor(ContractModels.DIGITS, classifier)) {
      Classifications found = predictor.predict(row);

      double sum = 0;
      int best = 0;
      for (int i = 0; i < logits.length; i++) {
        sum += Math.exp(logits[i]);
        best = logits[i] > logits[best] ? i : best;
      }
      assertThat(found.best().getClassName()).isEqualTo(String.valueOf(best));
      assertThat(found.best().getProbability())
          .isCloseTo(Math.exp(logits[best]) / sum, within(TOLERANCE));
    }
  }

  @Test
  void predict_severalInputsAndOutputs_keepTheirTypes() {
    Golden golden = Golden.of(ContractModels.SEVERAL).get(0);
    try (var predictor = predictor(ContractModels.SEVERAL, new Tensors())) {
      golden.assertAnsweredBy(
          predictor.predict(golden.inputs().stream().map(Golden.Value::tensor).toList()));
    }
  }

  @Test
  void predictEach_badRowAmongGood_failsAlone() {
    Golden golden = Golden.of(ContractModels.DIGITS).get(1);
    List<float[]> rows = new ArrayList<>(rows(golden.inputs().get(0).tensor()));
    rows.add(1, new float[63]);
    try (var predictor = predictor(ContractModels.DIGITS, new Digits(Batchifier.STACK))) {
      List<Outcome<float[]>> outcomes = predictor.predictEach(rows);

      assertThat(outcomes.remove(1).isAnswered()).isFalse();
      assertRows(
          outcomes.stream().map(Outcome::get).toList(), rows(golden.outputs().get(0).tensor()));
    }
  }

  @Test
  void close_whilePredicting_answersOrIsClosed() throws InterruptedException, ExecutionException {
    Golden golden = Golden.of(ContractModels.DIGITS).get(0);
    float[] row = rows(golden.inputs().get(0).tensor()).get(0);
    List<float[]> wanted = rows(golden.outputs().get(0).tensor()).subList(0, 1);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 5; round++) {
        Predictor<float[], float[]> predictor =
            predictor(ContractModels.DIGITS, new Digits(Batchifier.STACK));
        CountDownLatch busy = new CountDownLatch(16);
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          callers.add(threads.submit(() -> predictUntilClosed(predictor, row, wanted, busy)));
        }
        busy.await();
        predictor.close();
        for (Future<?> caller : callers) {
          caller.get();
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void predictUntilClosed(
      Predictor<float[], float[]> predictor,
      float[] row,
      List<float[]> wanted,
      CountDownLatch busy) {
    try {
      while (true) {
        assertRows(List.of(predictor.predict(row)), wanted);
        busy.countDown();
      }
    } catch (PredictorClosedException e) {
      // The one way for this loop to end well.
    }
  }

  private static void assertRows(List<float[]> found, List<float[]> wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).containsExactly(wanted.get(i), within((float) TOLERANCE));
    }
  }

  private static List<float[]> rows(Tensor tensor) {
    int width = (int) tensor.shape().dimension(1);
    float[] all = tensor.toFloats();
    List<float[]> rows = new ArrayList<>();
    for (int from = 0; from < all.length; from += width) {
      rows.add(Arrays.copyOfRange(all, from, from + width));
    }
    return rows;
  }

  /** A row of 64 pixels to whatever a subclass makes of the answer. */
  private abstract static class Row<O> implements Translator<float[], O> {
    private final @Nullable Batchifier batchifier;

    Row(@Nullable Batchifier batchifier) {
      this.batchifier = batchifier;
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
      return batchifier;
    }

    @Override
    public NDList processInput(TranslatorContext context, float[] row) {
      if (row.length != 64) {
        throw new InvalidInputException("a picture has 64 pixels, but was " + row.length);
      }
      NDArray array = context.getNDManager().create(row);
      return new NDList(batchifier == null ? array.expandDims(0) : array);
    }
  }

  private static final class Digits extends Row<float[]> {
    Digits(@Nullable Batchifier batchifier) {
      super(batchifier);
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList outputs) {
      return outputs.singletonOrThrow().toFloatArray();
    }
  }

  /** Whole inputs to whole outputs, float32, int64 and bool. */
  private static final class Tensors implements Translator<List<Tensor>, List<Tensor>> {
    @Override
    public @Nullable Batchifier getBatchifier() {
      return null;
    }

    @Override
    public NDList processInput(TranslatorContext context, List<Tensor> tensors) {
      NDManager manager = context.getNDManager();
      NDList arrays = new NDList();
      for (Tensor tensor : tensors) {
        ai.djl.ndarray.types.Shape shape = new ai.djl.ndarray.types.Shape(tensor.shape().toArray());
        arrays.add(
            switch (tensor.type()) {
              case FLOAT32 -> manager.create(tensor.toFloats(), shape);
              case INT64 -> manager.create(tensor.toLongs(), shape);
              default -> throw new IllegalArgumentException("not expected: " + tensor);
            });
      }
      return arrays;
    }

    @Override
    public List<Tensor> processOutput(TranslatorContext context, NDList outputs) {
      return outputs.stream().map(Tensors::tensor).toList();
    }

    private static Tensor tensor(NDArray array) {
      long[] sizes = array.getShape().getShape();
      return switch (array.getDataType()) {
        case FLOAT32 -> Tensor.of(array.toFloatArray(), sizes);
        case INT64 -> Tensor.of(array.toLongArray(), sizes);
        default -> {
          Tensor tensor =
              Tensor.allocate(
                  io.vivace.core.model.ElementType.BOOL, io.vivace.core.model.Shape.of(sizes));
          tensor.data().put(array.toByteBuffer());
          yield tensor;
        }
      };
    }
  }
}

package io.vivace.examples.benchmarks;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** DJL as its documentation asks: one predictor for each thread that calls. */
final class DjlPool implements Service<float[]> {
  private final ZooModel<float[], float[]> model;
  private final Queue<Predictor<float[], float[]>> predictors = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Predictor<float[], float[]>> own;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          task -> {
            Thread thread = new Thread(task, "djl-pool");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Opens the model.
   *
   * @param batchifier DJL's default, or null for none
   */
  DjlPool(Path file, Shape row, @Nullable Batchifier batchifier) throws Exception {
    this.model =
        Criteria.builder()
            .setTypes(float[].class, float[].class)
            .optModelPath(file)
            .optEngine("OnnxRuntime")
            .optOption("intraOpNumThreads", "1")
            .optOption("interOpNumThreads", "1")
            .optTranslator(new Rows(row, batchifier))
            .build()
            .loadModel();
    this.own =
        ThreadLocal.withInitial(
            () -> {
              Predictor<float[], float[]> predictor = model.newPredictor();
              predictors.add(predictor);
              return predictor;
            });
  }

  private record Rows(Shape row, @Nullable Batchifier batchifier)
      implements Translator<float[], float[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[] item) {
      Shape shape = batchifier == null ? new Shape(1).addAll(row) : row;
      return new NDList(context.getNDManager().create(item, shape));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList list) {
      return list.singletonOrThrow().toFloatArray();
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
      return batchifier;
    }
  }

  @Override
  public float[] call(float[] item) throws Exception {
    return own.get().predict(item);
  }

  @Override
  public void submit(float[] item, Completion completion) {
    threads.execute(
        () -> {
          try {
            completion.done(call(item), null);
          } catch (Exception e) {
            completion.done(null, e);
          }
        });
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("DJL's predictors do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    predictors.forEach(Predictor::close);
    model.close();
  }
}

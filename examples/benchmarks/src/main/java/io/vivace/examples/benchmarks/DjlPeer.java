package io.vivace.examples.benchmarks;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** DJL's own predictor, with its default batchifier. */
final class DjlPeer implements AutoCloseable {
  private final ZooModel<float[], float[]> model;
  private final Predictor<float[], float[]> predictor;

  DjlPeer(String engine, Path file)
      throws ModelNotFoundException, MalformedModelException, IOException {
    Criteria.Builder<float[], float[]> criteria =
        Criteria.builder()
            .setTypes(float[].class, float[].class)
            .optModelPath(file)
            .optEngine(engine)
            .optTranslator(new Rows());
    if (engine.equals("OnnxRuntime")) {
      criteria.optOption("intraOpNumThreads", "1").optOption("interOpNumThreads", "1");
    }
    model = criteria.build().loadModel();
    predictor = model.newPredictor();
  }

  float[] predict(float[] row) throws TranslateException {
    return predictor.predict(row);
  }

  List<float[]> batchPredict(List<float[]> rows) throws TranslateException {
    return predictor.batchPredict(rows);
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }

  private static final class Rows implements Translator<float[], float[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[] row) {
      return new NDList(context.getNDManager().create(row));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList list) {
      return list.singletonOrThrow().toFloatArray();
    }
  }
}

package io.vivace.core.internal.djl;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import io.vivace.core.EngineException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.spi.DjlModelAccess;
import io.vivace.core.spi.LoadedModel;
import java.util.List;
import java.util.Objects;

/** One of DJL's predictors, for one run at a time, and the model that it runs. */
public record TranslatorSlot<I, O>(Model model, Predictor<I, O> predictor)
    implements AutoCloseable {
  public static <I, O> TranslatorSlot<I, O> open(
      ModelArtifact artifact, LoadedModel loaded, Translator<I, O> translator) {
    Model model =
        loaded instanceof DjlModelAccess access
            ? access.djlModel()
            : new ContextModel(artifact, loaded);
    return new TranslatorSlot<>(model, model.newPredictor(new SidedTranslator<>(translator)));
  }

  public List<O> run(List<I> items) {
    List<O> answers;
    try {
      answers = predictor.batchPredict(items);
    } catch (TranslateException | RuntimeException e) {
      throw DjlFailure.ofRun(e);
    }
    if (answers.size() != items.size() || answers.stream().anyMatch(Objects::isNull)) {
      throw new EngineException(
          String.format(
              "the translator must give an answer for each of %d items, but gave %s",
              items.size(), answers));
    }
    return answers;
  }

  @Override
  public void close() {
    predictor.close();
    if (model instanceof ContextModel) {
      model.close(); // the other kind belongs to the loaded model
    }
  }
}

package io.vivace.optimize.train.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.InvalidInputException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoencoderTest {
  @TempDir Path folder;

  private static double[] scaled(double[] pixels) {
    double[] scaled = pixels.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= 16;
    }
    return scaled;
  }

  private static Dataset<double[], Integer> training() {
    return Digits.training().mapInputs(AutoencoderTest::scaled).materialized();
  }

  private static Dataset<double[], Integer> heldOut() {
    return Digits.heldOut().mapInputs(AutoencoderTest::scaled).materialized();
  }

  private static Autoencoder small() {
    return Autoencoder.code(4).hidden(8).training(trainer -> trainer.epochs(2));
  }

  @Test
  void sixteenUnits_tellMoreThanSixteenComponents() {
    double components = Digits.golden("pca-digits.txt.gz").get("heldOutError")[0] / 256;
    Autoencoder autoencoder =
        Autoencoder.code(16)
            .hidden(256)
            .training(
                trainer ->
                    trainer
                        .epochs(30)
                        .optimizer(Optimizer.adam(0.003).schedule(Schedule.cosine())));

    try (AutoencoderModel model = autoencoder.fit(training())) {
      assertThat(model.reconstructionError(heldOut().inputs())).isLessThan(components);
      assertThat(model.learningCurve().epochs()).hasSize(30);
    }
  }

  @Test
  void exportedFiles_answerAsTheModelDoes() {
    Path encoder = folder.resolve("encoder.onnx");
    Path whole = folder.resolve("whole.onnx");
    double[] example = heldOut().inputs().get(3);

    try (AutoencoderModel model = small().fit(training().slice(0, 100))) {
      model.exportEncoder(encoder);
      model.export(whole);
      Reconstruction wanted = model.reconstruct(example);
      assertThat(wanted.code()).hasSize(4).containsExactly(model.predict(example));
      assertThat(served(encoder, example)).containsExactly(wanted.code(), within(1e-5));
      assertThat(served(whole, example)).containsExactly(wanted.features(), within(1e-5));
      double error = 0;
      for (int i = 0; i < 64; i++) {
        error += Math.pow(example[i] - wanted.features()[i], 2) / 64;
      }
      assertThat(model.reconstructionError(List.of(example))).isCloseTo(error, within(1e-12));
    }
  }

  private static double[] served(Path file, double[] example) {
    try (Predictor<double[], double[]> predictor =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(VectorInput.doubles(64))
            .output(VectorOutput.doubles())
            .build()) {
      return predictor.predict(example);
    }
  }

  @Test
  void badInput_isNamed() {
    assertThatThrownBy(() -> Autoencoder.code(0)).hasMessageContaining("has 0");
    assertThatThrownBy(() -> Autoencoder.code(2).hidden(3, 0)).hasMessageContaining("has 0");
    assertFault(Dataset.of(List.of(), List.of()), "no training examples");
    assertFault(Dataset.of(List.of(new double[0]), List.of(1)), "at least one feature");
    assertFault(
        Dataset.of(List.of(new double[2], new double[3]), List.of(1, 1)),
        "example 1 has 3 features");
    assertFault(
        Dataset.of(List.of(new double[2], new double[] {0, Double.NaN}), List.of(1, 1)),
        "feature 1 of example 1 is NaN");

    AutoencoderModel model = small().fit(training().slice(0, 40));
    assertThatThrownBy(() -> model.predict(new double[3]))
        .isInstanceOf(InvalidInputException.class);
    double[] hole = new double[64];
    hole[9] = Double.NaN;
    assertThat(model.predictEach(List.of(hole, new double[64])))
        .extracting(outcome -> outcome.isAnswered())
        .containsExactly(false, true);
    assertThatThrownBy(() -> model.reconstructionError(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    model.close();
    model.close();
    assertThatThrownBy(() -> model.predict(new double[64]))
        .isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(() -> model.export(folder.resolve("late.onnx")))
        .isInstanceOf(PredictorClosedException.class);
  }

  private static void assertFault(Dataset<double[], Integer> examples, String message) {
    assertThatThrownBy(() -> small().fit(examples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}

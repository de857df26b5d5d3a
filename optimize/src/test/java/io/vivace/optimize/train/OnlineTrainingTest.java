package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vivace.core.FitContext;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnlineTrainingTest {
  @TempDir Path folder;

  private static Trainer<float[], Integer, float[]> trainer() {
    return TrainerTest.mlp().epochs(3).build();
  }

  @Test
  void learn_asOftenAsThereAreEpochs_givesWhatFitGives() {
    Dataset<float[], Integer> data = FashionData.slice(0, 200);
    float[] pixels = data.inputs().get(0);

    try (OnlineTraining<float[], Integer, float[]> online = trainer().online(pixels, 7);
        TrainedModel<float[], float[]> fitted =
            trainer().fit(data, FitContext.<float[], Integer>defaults().seed(7))) {
      double[] losses = fitted.learningCurve().values("loss");
      for (double loss : losses) {
        assertThat(online.learn(data)).isEqualTo(loss);
      }
      assertThat(online.model().predict(pixels)).containsExactly(fitted.predict(pixels));
    }
  }

  @Test
  void model_answersBetweenLessons_andLearnsOn() {
    Dataset<float[], Integer> data = FashionData.slice(0, 100);
    float[] pixels = data.inputs().get(0);
    OnlineTraining<float[], Integer, float[]> online = trainer().online(pixels, 1);

    float[] before = online.model().predict(pixels);
    double first = online.learn(data);
    assertThat(online.model().predict(pixels)).isNotEqualTo(before);
    for (int i = 0; i < 9; i++) {
      online.learn(data); // more often than there are epochs
    }
    assertThat(online.learn(data)).isLessThan(first / 2);
    online.model().export(folder.resolve("online.onnx"));
    assertThat(folder.resolve("online.onnx")).isNotEmptyFile();

    online.close();
    online.close();
    assertThatThrownBy(() -> online.learn(data)).isInstanceOf(PredictorClosedException.class);
  }

  /** The bad example is the only one, in whichever batch the order puts it. */
  @Test
  void learn_oneExampleOfManyIsBad_noStepIsTaken() {
    Dataset<float[], Integer> good = FashionData.slice(0, 200);
    float[] pixels = good.inputs().get(0);
    float[] hole = pixels.clone();
    hole[5] = Float.NaN;
    try (OnlineTraining<float[], Integer, float[]> online = trainer().online(pixels, 1)) {
      for (int bad : new int[] {0, 77, 199}) {
        List<float[]> inputs = new java.util.ArrayList<>(good.inputs());
        inputs.set(bad, hole);
        float[] before = online.model().predict(pixels);
        assertThatThrownBy(() -> online.learn(Dataset.of(inputs, good.labels())))
            .hasMessageContaining("example " + bad + " holds NaN");
        assertThat(online.model().predict(pixels)).containsExactly(before);
      }
    }
  }

  /** As that of a distillation with matches. */
  private record LossOfTheInside(Loss<Integer> loss)
      implements Loss<Integer>, AttachedLoss<Integer> {
    @Override
    public NDArray of(NDList outputs, List<Integer> labels) {
      return loss.of(outputs, labels);
    }

    @Override
    public Network attach(Network network, List<Integer> labels) {
      return network;
    }
  }

  @Test
  void online_lossThatLooksInside_refused() {
    Loss<Integer> inside = new LossOfTheInside(Loss.crossEntropy());
    for (Loss<Integer> loss :
        List.of(inside, Loss.crossEntropy().plus(2, inside), inside.<Integer>labels(i -> i))) {
      Trainer<float[], Integer, float[]> trainer = TrainerTest.mlp(loss).epochs(1).build();
      assertThatThrownBy(() -> trainer.online(new float[784], 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("matches")
          .hasMessageContaining("Trainer.fit");
    }
  }

  @Test
  void badInput_isNamed_andTrainingGoesOn() {
    float[] pixels = new float[784];
    assertThatThrownBy(
            () ->
                TrainerTest.mlp()
                    .holdOut(0.2)
                    .checkpoint(folder.resolve("c"))
                    .build()
                    .online(pixels, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[holdOut, checkpoint]");
    assertThatThrownBy(() -> trainer().online(new float[3], 1))
        .isInstanceOf(IllegalArgumentException.class);
    try (OnlineTraining<float[], Integer, float[]> online = trainer().online(pixels, 1)) {
      assertThatThrownBy(() -> online.learn(Dataset.of(List.of(), List.of())))
          .hasMessageContaining("no training examples");
      float[] hole = pixels.clone();
      hole[5] = Float.NaN;
      Dataset<float[], Integer> bad = Dataset.of(List.of(pixels, hole), List.of(0, 1));
      assertThatThrownBy(() -> online.learn(bad)).hasMessageContaining("example 1 holds NaN");
      assertThat(online.learn(FashionData.slice(0, 40))).isFinite();
    }
  }
}

package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResumeTest {
  private static final int STEPS = 3 * 5;

  @TempDir Path folder;
  private final Dataset<float[], Integer> data = FashionData.slice(0, 160);

  private TrainerBuilder<float[], Integer, float[]> trainer(Optimizer optimizer, int units) {
    return Trainer.block(() -> TestBlocks.dropped(units, 10))
        .input(VectorInput.floats(784))
        .output(VectorOutput.floats())
        .loss(Loss.crossEntropy())
        .optimizer(optimizer)
        .epochs(3)
        .holdOut(0.1)
        .augmentation((image, random) -> noisy(image, random.nextInt(784)))
        .earlyStopping(EarlyStopping.minimize("validationLoss"));
  }

  private static float[] noisy(float[] image, int pixel) {
    float[] changed = image.clone();
    changed[pixel] = 1;
    return changed;
  }

  private byte[] weights(TrainedModel<float[], float[]> model) throws IOException {
    try (model) {
      Path file = folder.resolve("weights");
      model.save(file);
      return Files.readAllBytes(file);
    }
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Optimizer.adamW(0.01, 0.01).schedule(Schedule.cosine().warmUp(0.5)),
        Optimizer.momentum(0.05, 0.9));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void fit_killedAtAnyStep_goesOnToTheSameBits(Optimizer optimizer) throws IOException {
    byte[] whole = weights(trainer(optimizer, 16).build().fit(data));
    for (int attempt = 0; attempt < 2; attempt++) {
      int last = 1 + new Random(attempt).nextInt(STEPS - 4);
      Path file = folder.resolve("checkpoint" + attempt);
      AtomicInteger asked = new AtomicInteger();
      FitContext<float[], Integer> killed =
          FitContext.<float[], Integer>defaults().stopSignal(() -> asked.incrementAndGet() > last);
      Trainer<float[], Integer, float[]> checked =
          trainer(optimizer, 16).checkpoint(file, 2).resume(true).build();
      assertThatThrownBy(() -> checked.fit(data, killed)).isInstanceOf(CancellationException.class);

      assertThat(weights(checked.fit(data))).as("killed after step %d", last).isEqualTo(whole);
    }
  }

  @Test
  void fit_afterTheEnd_givesTheResultAgain() throws IOException {
    Path file = folder.resolve("checkpoint");
    Trainer<float[], Integer, float[]> trainer =
        trainer(Optimizer.sgd(0.1), 8).checkpoint(file).resume(true).build();
    byte[] first = weights(trainer.fit(data));
    try (TrainedModel<float[], float[]> again = trainer.fit(data)) {
      assertThat(again.learningCurve().epochs()).hasSize(3);
      assertThat(weights(again)).isEqualTo(first);
    }
  }

  @Test
  void resume_ofADamagedOrOtherCheckpoint_isRefused() throws IOException {
    Path file = folder.resolve("checkpoint");
    Trainer<float[], Integer, float[]> trainer =
        trainer(Optimizer.sgd(0.1), 8).checkpoint(file).resume(true).build();
    trainer.fit(data).close();
    byte[] good = Files.readAllBytes(file);

    for (int length : new int[] {0, 5, 60, good.length / 2, good.length - 1}) {
      Files.write(file, Arrays.copyOf(good, length));
      expect(trainer, Reason.CHECKPOINT_DAMAGED);
    }
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    Files.write(file, flipped);
    expect(trainer, Reason.CHECKPOINT_DAMAGED);

    Files.write(file, good);
    expect(
        trainer(Optimizer.sgd(0.1), 9).checkpoint(file).resume(true).build(),
        Reason.CHECKPOINT_MISMATCH);
    expect(
        trainer(Optimizer.sgd(0.2), 8).checkpoint(file).resume(true).build(),
        Reason.CHECKPOINT_MISMATCH);
    expect(
        trainer(Optimizer.sgd(0.1).schedule(Schedule.cosine()), 8)
            .checkpoint(file)
            .resume(true)
            .build(),
        Reason.CHECKPOINT_MISMATCH);
    assertThatThrownBy(() -> trainer.fit(FashionData.slice(200, 360)))
        .isInstanceOfSatisfying(
            TrainingException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.CHECKPOINT_MISMATCH))
        .hasMessageContainingAll("first batch=", "use another file, or remove it")
        .message()
        .doesNotContain("Linear_weight", "SGD"); // what is the same in both
    assertThat(Files.readAllBytes(file)).isEqualTo(good);
  }

  @Test
  void resume_fromACheckpointThatLacksArrays_isRefused() {
    Path file = folder.resolve("checkpoint");
    Trainer<float[], Integer, float[]> trainer =
        trainer(Optimizer.adam(0.1), 8).checkpoint(file).resume(true).build();
    trainer.fit(data).close();
    Checkpoint whole = Checkpoint.read(file);
    new Checkpoint(
            whole.description(),
            whole.position(),
            whole.network(),
            new Snapshot(Map.of()),
            whole.best())
        .write(file);
    expect(trainer, Reason.CHECKPOINT_DAMAGED);
  }

  private void expect(Trainer<float[], Integer, float[]> trainer, Reason reason) {
    assertThatThrownBy(() -> trainer.fit(data))
        .isInstanceOfSatisfying(
            TrainingException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void checkpoint_thatCannotBeWritten_doesNotEndTraining() throws IOException {
    Path missing = folder.resolve("no-such-folder").resolve("checkpoint");
    try (TrainedModel<float[], float[]> model =
        trainer(Optimizer.sgd(0.1), 8).checkpoint(missing).build().fit(data)) {
      assertThat(model.learningCurve().epochs()).hasSize(3);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.toList()).isEqualTo(List.of());
    }
  }
}

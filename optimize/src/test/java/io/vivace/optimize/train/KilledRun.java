package io.vivace.optimize.train;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Trains a small network with checkpoints, in a JVM of its own or in that of a test. */
public final class KilledRun {
  static final int EPOCHS = 20;
  static final int STEPS = EPOCHS * 5;
  static final String STEP = "step ";

  private KilledRun() {}

  static Dataset<float[], Integer> data() {
    return FashionData.slice(0, 160);
  }

  static TrainerBuilder<float[], Integer, float[]> trainer() {
    return Trainer.block(() -> TestBlocks.dropped(8, 10))
        .input(VectorInput.floats(784))
        .output(VectorOutput.floats())
        .loss(Loss.crossEntropy())
        .optimizer(Optimizer.adamW(0.002, 0.01).schedule(Schedule.cosine()))
        .epochs(EPOCHS);
  }

  /**
   * Trains, goes on from a checkpoint if there is one, and says each step that begins. At the end
   * it says what the network answers.
   *
   * @param arguments the checkpoint's file
   */
  public static void main(String[] arguments) {
    AtomicInteger steps = new AtomicInteger();
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults()
            .stopSignal(
                () -> {
                  System.out.println(STEP + steps.incrementAndGet());
                  return false;
                });
    Trainer<float[], Integer, float[]> trainer =
        trainer().checkpoint(Path.of(arguments[0]), 1).resume(true).build();
    try (TrainedModel<float[], float[]> model = trainer.fit(data(), context)) {
      System.out.println(answers(model));
    }
  }

  static String answers(TrainedModel<float[], float[]> model) {
    return Arrays.deepToString(model.predictAll(data().slice(0, 4).inputs()).toArray());
  }

  /** Starts it, with the class path and the one thread of this JVM. */
  static Process start(Path checkpoint, Path log, String... shell) throws IOException {
    java.util.List<String> command = new java.util.ArrayList<>(Arrays.asList(shell));
    command.addAll(
        java.util.List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Dai.djl.offline=true",
            "-Dai.djl.pytorch.num_threads=1",
            "-Dai.djl.pytorch.num_interop_threads=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledRun.class.getName(),
            checkpoint.toString()));
    return new ProcessBuilder(command).redirectError(log.toFile()).start();
  }
}

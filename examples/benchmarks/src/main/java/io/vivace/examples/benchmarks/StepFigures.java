package io.vivace.examples.benchmarks;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The time of a step of Adam on fashion-cnn's architecture, batch 128, beside PyTorch's in Python,
 * one thread each. Ours is the step of a {@link Trainer}, with encoding and checks; the peer's is
 * that of a loop over a tensor that is there already. They take turns, after some epochs to warm
 * up. PyTorch runs twice: with the C library's allocator tuned as ours is, and as shipped.
 *
 * <p>Start the JVM with {@code -Dai.djl.pytorch.num_threads=1}: the peer has one thread.
 */
final class StepFigures {
  private static final int BATCH = 128;
  private static final int ROUNDS = Scale.SHORT ? 3 : 15;
  private static final int WARM_UP = 4;
  private static final int STEPS = 10;

  private final String suite;
  private final Consumer<Figure> figures;

  StepFigures(String suite, Consumer<Figure> figures) {
    this.suite = suite;
    this.figures = figures;
  }

  void graph() throws IOException {
    ModelSource model = ModelSource.path(Models.file(Models.FASHION_ONNX));
    race("graph", Trainer.graph(model));
  }

  void block() throws IOException {
    race("block", Trainer.block(ScratchFigures::block));
  }

  private void race(String kind, Trainer.InputStage model) throws IOException {
    Optional<PythonPeer> tuned = peer("tuned");
    if (tuned.isEmpty()) {
      return;
    }
    try (PythonPeer python = tuned.get();
        PythonPeer shipped = peer("shipped").orElseThrow()) {
      Trainer<float[], Integer, float[]> trainer =
          model
              .input(FashionMnist.IMAGE)
              .output(VectorOutput.floats())
              .loss(Loss.crossEntropy())
              .optimizer(Optimizer.adam(1e-3))
              .batchSize(BATCH)
              .epochs(WARM_UP + ROUNDS)
              .build();
      Turns turns = new Turns(kind + ' ' + STEPS, List.of(python, shipped));
      trainer.fit(noise(), FitContext.<float[], Integer>defaults().progress(turns::next)).close();
      report(kind + "-step", turns, 1, python.name());
      report(kind + "-step-as-shipped", turns, 2, python.name());
    }
  }

  private static Optional<PythonPeer> peer(String allocator) throws IOException {
    return PythonPeer.start("train_peer.py", Files.createTempDirectory("vivace-train"), allocator);
  }

  private void report(String figure, Turns turns, int peer, String name) {
    figures.accept(Figure.lower(suite, figure, turns.median(0), turns.median(peer), "ms", name));
  }

  private static Dataset<float[], Integer> noise() {
    Random random = new Random(7);
    List<float[]> images = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < BATCH * STEPS; i++) {
      float[] image = new float[784];
      for (int pixel = 0; pixel < image.length; pixel++) {
        image[pixel] = random.nextFloat();
      }
      images.add(image);
      classes.add(i % 10);
    }
    return Dataset.of(images, classes);
  }

  /** Hears of an epoch of ours and lets the peers do as many steps, while training waits. */
  private static final class Turns {
    private final String call;
    private final List<PythonPeer> peers;
    private final List<double[]> rounds = new ArrayList<>();
    private long begin = System.nanoTime();

    Turns(String call, List<PythonPeer> peers) {
      this.call = call;
      this.peers = peers;
    }

    void next(io.vivace.core.Progress.Step epoch) {
      double[] millis = new double[1 + peers.size()];
      millis[0] = (System.nanoTime() - begin) / 1e6 / STEPS;
      try {
        for (int i = 0; i < peers.size(); i++) {
          millis[i + 1] = peers.get(i).run(call).seconds() * 1e3 / STEPS;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (epoch.done() > WARM_UP) {
        rounds.add(millis);
      }
      begin = System.nanoTime();
    }

    double median(int contestant) {
      if (rounds.size() != ROUNDS) {
        throw new IllegalStateException("a peer did not answer: see the warning above");
      }
      double[] all = new double[ROUNDS];
      Arrays.setAll(all, i -> rounds.get(i)[contestant]);
      return Race.median(all);
    }
  }
}

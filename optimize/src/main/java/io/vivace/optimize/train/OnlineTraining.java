package io.vivace.optimize.train;

import ai.djl.engine.Engine;
import io.vivace.core.StopSignal;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Training whose examples come while it goes on, as from a game that the network itself plays.
 * Between two lessons the network answers:
 *
 * <pre>{@code
 * try (OnlineTraining<float[], Move, float[]> training = trainer.online(firstState, 42)) {
 *   for (int i = 0; i < 100; i++) {
 *     training.learn(play(training.model()));
 *   }
 *   training.model().export(file);
 * }
 * }</pre>
 *
 * <p>A loss gets the network's outputs, and nothing from inside it: one of a {@link
 * io.vivace.optimize.distill.Distillation} with matches is refused.
 *
 * <p>Thread-safe: a call waits for another that learns or answers. The same examples, seed and
 * options give the same weights, as for {@link Trainer}.
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 * @param <O> the type of the answers
 */
public final class OnlineTraining<X, Y, O> implements AutoCloseable {
  private final TrainerOptions<X, Y, O> options;
  private final long seed;
  private final Encoder<X> encoder;
  private final Step<Y> step;
  private final TrainedModel<X, O> model;
  private int lessons;
  private long steps;

  private OnlineTraining(
      Engine engine, TrainerOptions<X, Y, O> options, Network network, X example, long seed) {
    this.options = options;
    this.seed = seed;
    this.encoder = new Encoder<>(options.input(), network.signature());
    engine.setRandomSeed((int) BatchOrder.mix(seed, -1));
    OptimizerState optimizer =
        Preparation.of(
            options,
            network,
            encoder.checked(Dataset.of(List.of(example), List.of(0)), new int[] {0}));
    this.step =
        new Step<>(
            engine, network, optimizer, options.loss(), options.clipNorm(), options.clipValue());
    this.model =
        new TrainedModel<>(
            network, options.input(), encoder, options.output(), new LearningCurve(List.of(), 0));
  }

  static <X, Y, O> OnlineTraining<X, Y, O> start(
      TrainerOptions<X, Y, O> options, X example, long seed) {
    requireOnline(options);
    return TrainingEngine.alone(
        StopSignal.never(),
        () -> {
          Engine engine = Preparation.engine();
          Network network = options.model().get();
          try {
            return new OnlineTraining<>(engine, options, network, example, seed);
          } catch (RuntimeException | Error e) {
            network.close();
            throw e;
          }
        });
  }

  private static void requireOnline(TrainerOptions<?, ?, ?> options) {
    Map<String, Boolean> wanted = new LinkedHashMap<>();
    wanted.put("holdOut", options.holdOut() > 0);
    wanted.put("metric", !options.metrics().isEmpty());
    wanted.put("earlyStopping", options.earlyStopping().isPresent());
    wanted.put("augmentation", options.augmentation().isPresent());
    wanted.put("checkpoint", options.checkpoint().isPresent());
    List<String> found = new ArrayList<>();
    wanted.forEach((name, set) -> found.addAll(set ? List.of(name) : List.of()));
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(
          "online training has no validation data and no epochs: leave out " + found);
    }
    if (AttachedLoss.isAttachmentNeeded(options.loss())) {
      throw new IllegalArgumentException(
          "the loss looks at values inside the network, as the matches of a Distillation do, and"
              + " online training gives it the outputs only: leave the matches out, or use"
              + " Trainer.fit");
    }
  }

  /**
   * Goes through examples once, in batches of the trainer's size and in an order that depends on
   * the seed. For the schedule of the optimizer a call is one of the trainer's {@code epochs};
   * there may be more calls.
   *
   * <p>All examples are looked at before the first step, so that one that does not fit leaves the
   * network as it was. If the loss of a later batch is not a number, the steps before it remain.
   *
   * @param examples at least one
   * @return the mean loss of the batches, each before its step
   * @throws IllegalArgumentException if nothing can be learnt from such examples: there are none,
   *     or one does not fit the codec or the loss, or a feature is not finite
   * @throws TrainingException if the loss is not a number
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while another
   *     training of this JVM runs, before the first step
   * @throws io.vivace.core.PredictorClosedException if training is closed
   */
  public double learn(Dataset<X, Y> examples) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("there are no training examples");
    }
    options.loss().check(examples.labels());
    return TrainingEngine.alone(
        StopSignal.never(),
        () -> {
          synchronized (model) {
            model.requireOpen();
            return lesson(examples);
          }
        });
  }

  private double lesson(Dataset<X, Y> examples) {
    List<int[]> order = BatchOrder.of(examples.size(), options.batchSize(), seed, lessons);
    for (int[] positions : order) {
      encoder.checked(examples, positions); // and again below: all at once may not fit into memory
    }
    double sum = 0;
    for (int i = 0; i < order.size(); i++) {
      double epoch = Math.min(lessons + (double) i / order.size(), options.epochs());
      double rate = options.optimizer().rate(epoch, options.epochs());
      sum += step.run(encoder.checked(examples, order.get(i)), ++steps, rate, seed);
    }
    lessons++;
    return sum / order.size();
  }

  /**
   * Returns the network as it is, always the same one: it learns on.
   *
   * @return answers, saves and exports; its learning curve is empty. Closed with this
   */
  public TrainedModel<X, O> model() {
    return model;
  }

  /** Closes the network. Works twice. */
  @Override
  public void close() {
    model.close();
  }
}

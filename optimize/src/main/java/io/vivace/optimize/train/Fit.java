package io.vivace.optimize.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.vivace.core.FitContext;
import io.vivace.core.Progress;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.TrainingException.Reason;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a trainer. */
final class Fit<X, Y, O> {
  static final String LOSS = "loss";
  static final String VALIDATION_LOSS = "validationLoss";
  private static final String RATE = "learningRate";
  private static final String SECONDS_LEFT = "secondsLeft";
  static final Set<String> RESERVED = Set.of(LOSS, VALIDATION_LOSS, RATE, SECONDS_LEFT);

  private static final double LARGEST_GROWTH = 1000;
  private static final int RATES = 8;
  private static final Logger LOG = LoggerFactory.getLogger(Fit.class);

  private final TrainerOptions<X, Y, O> options;
  private final FitContext<X, Y> context;
  private final Dataset<X, Y> training;
  private final Optional<Dataset<X, Y>> validation;
  private final Network network;
  private final Encoder<X> encoder;
  private final OptimizerState optimizer;
  private final Step<Y> step;
  private final int batches;
  private final String description;
  private final List<Map<String, Double>> curve = new ArrayList<>();
  private Snapshot best = new Snapshot(Map.of());
  private double bestValue = Double.NaN;
  private int bestEpoch;
  private long steps;
  private double lossSum;
  private int firstBatch;
  private long started;
  private int startedAt;

  private Fit(
      Engine engine,
      TrainerOptions<X, Y, O> options,
      Data<X, Y> data,
      FitContext<X, Y> context,
      Network network) {
    this.options = options;
    this.context = context;
    this.training = data.training();
    this.validation = data.validation();
    this.network = network;
    this.encoder = new Encoder<>(options.input(), network.signature());
    this.batches = BatchOrder.count(training.size(), options.batchSize());
    engine.setRandomSeed((int) BatchOrder.mix(context.seed(), -1));
    Batch<Y> first = batch(0, order(0).get(0), 0);
    this.optimizer = Preparation.of(options, network, first);
    this.step =
        new Step<>(
            engine, network, optimizer, options.loss(), options.clipNorm(), options.clipValue());
    this.description = describe(checksum(first));
  }

  /** The examples to learn from and those to judge with. */
  private record Data<X, Y>(Dataset<X, Y> training, Optional<Dataset<X, Y>> validation) {}

  static <X, Y, O> TrainedModel<X, O> run(
      TrainerOptions<X, Y, O> options, Dataset<X, Y> examples, FitContext<X, Y> context) {
    Data<X, Y> data = data(options, examples, context);
    options.loss().check(data.training().labels());
    return TrainingEngine.alone(context.stopSignal(), () -> run(options, data, context));
  }

  private static <X, Y, O> TrainedModel<X, O> run(
      TrainerOptions<X, Y, O> options, Data<X, Y> data, FitContext<X, Y> context) {
    Engine engine = Preparation.engine();
    Network network = options.model().get();
    boolean done = false;
    try {
      Network attached = AttachedLoss.attach(options.loss(), network, data.training().labels());
      TrainedModel<X, O> model = new Fit<>(engine, options, data, context, attached).train();
      done = true;
      return model;
    } finally {
      if (!done) {
        network.close();
      }
    }
  }

  private static <X, Y> Data<X, Y> data(
      TrainerOptions<X, Y, ?> options, Dataset<X, Y> examples, FitContext<X, Y> context) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("there are no training examples");
    }
    Data<X, Y> data = new Data<>(examples, context.validation().filter(part -> !part.isEmpty()));
    if (data.validation().isEmpty() && options.holdOut() > 0) {
      Dataset.Split<X, Y> split = examples.split(1 - options.holdOut(), context.seed());
      data =
          new Data<>(
              split.training(), Optional.of(split.heldOut()).filter(part -> !part.isEmpty()));
    }
    boolean needed =
        !options.metrics().isEmpty()
            || options.earlyStopping().filter(rule -> !rule.value().equals(LOSS)).isPresent();
    if (needed && data.validation().isEmpty()) {
      throw new IllegalArgumentException(
          "metrics and early stopping need validation data: give the context some, or set holdOut");
    }
    if (data.training().isEmpty()) {
      throw new IllegalArgumentException("holdOut leaves no training examples");
    }
    return data;
  }

  /** By which a checkpoint knows the data. */
  private static long checksum(Batch<?> batch) {
    CRC32 checksum = new CRC32();
    batch.inputs().forEach(tensor -> checksum.update(tensor.data()));
    return checksum.getValue();
  }

  private String describe(long firstBatch) {
    int epochs = options.epochs();
    // A schedule is known by what it does.
    double[] rates = new double[RATES];
    Arrays.setAll(rates, i -> options.optimizer().rate((double) epochs * i / RATES, epochs));
    return "%s\n%s\nseed=%d, examples=%d, batchSize=%d, epochs=%d\n%s\nrates=%s, clip=%s, %s, first batch=%x"
        .formatted(
            network.description(),
            options.optimizer(),
            context.seed(),
            training.size(),
            options.batchSize(),
            epochs,
            options.earlyStopping().map(EarlyStopping::toString).orElse(""),
            Arrays.toString(rates),
            options.clipNorm(),
            options.clipValue(),
            firstBatch);
  }

  private List<int[]> order(int epoch) {
    return BatchOrder.of(training.size(), options.batchSize(), context.seed(), epoch);
  }

  private Batch<Y> batch(int epoch, int[] positions, int number) {
    Dataset<X, Y> source =
        options.augmentation().map(change -> augmented(change, epoch, number)).orElse(training);
    return encoder.checked(source, positions);
  }

  private Dataset<X, Y> augmented(TrainerOptions.Augmentation<X> change, int epoch, int number) {
    long seed = BatchOrder.mix(BatchOrder.mix(context.seed(), epoch), number);
    List<X> inputs = training.inputs();
    List<Y> labels = training.labels();
    return Dataset.lazy(
        training.size(),
        i -> change.apply(inputs.get(i), new java.util.SplittableRandom(BatchOrder.mix(seed, i))),
        labels::get);
  }

  private TrainedModel<X, O> train() {
    int epoch = resumed();
    started = System.nanoTime();
    startedAt = epoch;
    while (epoch < options.epochs() && !isOver(epoch)) {
      double rate = epoch(epoch);
      finish(epoch, rate);
      epoch++;
    }
    if (bestEpoch > 0) {
      best.restore(network);
    }
    return new TrainedModel<>(
        network.trained(),
        options.input(),
        encoder,
        options.output(),
        new LearningCurve(curve, bestEpoch));
  }

  private boolean isOver(int epoch) {
    return options
        .earlyStopping()
        .filter(rule -> epoch > 0 && rule.isOver(epoch - Math.max(bestEpoch, unsettled(epoch))))
        .isPresent();
  }

  /** How many of so many epochs ended before the network's structure was what it is to be. */
  private int unsettled(int epochs) {
    int ended = 0;
    while (ended < epochs && !network.isSettled((ended + 1L) * batches)) {
      ended++;
    }
    return ended;
  }

  private double epoch(int epoch) {
    List<int[]> order = order(epoch);
    double rate = 0;
    try (Prefetch<Batch<Y>> coming =
        new Prefetch<>(firstBatch, batches, number -> batch(epoch, order.get(number), number))) {
      for (int i = firstBatch; i < batches; i++) {
        context.stopSignal().throwIfRequested();
        rate = options.optimizer().rate(epoch + (double) i / batches, options.epochs());
        lossSum += step.run(coming.take(), ++steps, rate, context.seed());
        if (options.checkpointSteps() > 0
            && steps % options.checkpointSteps() == 0
            && i + 1 < batches) {
          write(epoch, i + 1);
        }
      }
    }
    firstBatch = 0;
    return rate;
  }

  private void finish(int epoch, double rate) {
    requireFiniteWeights(epoch);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(LOSS, lossSum / batches);
    requireNoGrowth(epoch, lossSum / batches);
    validation.ifPresent(
        examples -> values.putAll(new Evaluation<>(options, network, encoder).of(examples)));
    values.put(RATE, rate);
    lossSum = 0;
    curve.add(values);
    options.earlyStopping().ifPresent(rule -> judge(rule, values, epoch));
    write(epoch + 1, 0);
    report(epoch, values);
  }

  private void judge(EarlyStopping rule, Map<String, Double> values, int epoch) {
    double now = values.getOrDefault(rule.value(), Double.NaN);
    if (unsettled(epoch + 1) <= epoch && rule.isBetter(now, bestValue)) {
      bestValue = now;
      bestEpoch = epoch + 1;
      best = Snapshot.of(network);
    }
  }

  private void report(int epoch, Map<String, Double> values) {
    double perEpoch = (System.nanoTime() - started) / 1e9 / (epoch + 1 - startedAt);
    Map<String, Double> shown = new LinkedHashMap<>(values);
    shown.put(SECONDS_LEFT, perEpoch * (options.epochs() - epoch - 1));
    context.progress().report(new Progress.Step("epoch", epoch + 1, options.epochs(), shown));
  }

  private void requireFiniteWeights(int epoch) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      network
          .parameters()
          .forEach(
              (name, weight) -> {
                NDArray sum = weight.stopGradient().square().sum();
                if (!Double.isFinite(Step.scalar(sum))) {
                  throw new TrainingException(
                      Reason.DIVERGED,
                      "after epoch %d weight %s holds values that are not finite: use a smaller learning rate or clip the gradients"
                          .formatted(epoch + 1, name));
                }
              });
    }
  }

  private void requireNoGrowth(int epoch, double loss) {
    double first = curve.isEmpty() ? loss : curve.get(0).getOrDefault(LOSS, loss);
    if (Math.abs(loss) > LARGEST_GROWTH * Math.max(1, Math.abs(first))) {
      throw new TrainingException(
          Reason.DIVERGED,
          "the loss of epoch %d is %s, that of the first was %s: use a smaller learning rate or clip the gradients"
              .formatted(epoch + 1, loss, first));
    }
  }

  private void write(int epoch, int batch) {
    if (options.checkpoint().isEmpty()) {
      return;
    }
    Position position = new Position(epoch, batch, steps, lossSum, bestValue, bestEpoch, curve);
    Checkpoint checkpoint =
        new Checkpoint(
            description, position, Snapshot.of(network), Snapshot.of(optimizer.arrays()), best);
    try {
      checkpoint.write(options.checkpoint().get());
    } catch (UncheckedIOException e) {
      LOG.warn("training goes on without this checkpoint: {}", e.getMessage());
    }
  }

  /** The lines that only one of two descriptions has. */
  private static String without(String description, String other) {
    List<String> known = other.lines().toList();
    String lines =
        description.lines().filter(line -> !known.contains(line)).collect(Collectors.joining("\n"));
    return lines.isEmpty() ? "nothing beside" : lines;
  }

  private int resumed() {
    Optional<Path> file = options.checkpoint().filter(Files::exists);
    if (!options.resume() || file.isEmpty()) {
      return 0;
    }
    Checkpoint checkpoint = Checkpoint.read(file.get());
    if (!checkpoint.description().equals(description)) {
      throw new TrainingException(
          Reason.CHECKPOINT_MISMATCH,
          "checkpoint %s is of another run, of%n%s%nbut this one is of%n%s%nuse another file, or remove it"
              .formatted(
                  file.get(),
                  without(checkpoint.description(), description),
                  without(description, checkpoint.description())));
    }
    if (!checkpoint.network().fits(network) || !checkpoint.optimizer().fits(optimizer.arrays())) {
      throw Checkpoint.damaged(file.get(), "it lacks arrays, or they have other sizes", null);
    }
    checkpoint.network().restore(network);
    checkpoint.optimizer().restore(optimizer.arrays());
    Position position = checkpoint.position();
    best = checkpoint.best();
    bestValue = position.bestValue();
    bestEpoch = position.bestEpoch();
    steps = position.step();
    lossSum = position.lossSum();
    firstBatch = position.batch();
    curve.addAll(position.curve());
    return position.epoch();
  }
}

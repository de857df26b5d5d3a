package io.vivace.optimize.train;

import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.optimize.train.internal.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Trainer}.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #optimizer optimizer}</td><td>Adam with a rate of 0.001</td></tr>
 * <tr><td>{@link #initialization initialization}</td><td>the block's own</td></tr>
 * <tr><td>{@link #epochs epochs}</td><td>10</td></tr>
 * <tr><td>{@link #batchSize batchSize}</td><td>32</td></tr>
 * <tr><td>{@link #holdOut holdOut}</td><td>nothing</td></tr>
 * <tr><td>{@link #metric metric}</td><td>none</td></tr>
 * <tr><td>{@link #earlyStopping earlyStopping}</td><td>none: all epochs are run</td></tr>
 * <tr><td>{@link #clipNorm clipNorm}, {@link #clipValue clipValue}</td><td>no clipping</td></tr>
 * <tr><td>{@link #freeze freeze}</td><td>nothing</td></tr>
 * <tr><td>{@link #augmentation augmentation}</td><td>none</td></tr>
 * <tr><td>{@link #checkpoint(Path) checkpoint}</td><td>none</td></tr>
 * <tr><td>{@link #resume resume}</td><td>false</td></tr>
 * </table>
 *
 * <p>Not thread-safe. A builder may build more than one trainer.
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 * @param <O> the type of the answers
 */
public final class TrainerBuilder<X, Y, O> {
  private static final double USUAL_RATE = 0.001;

  private final Function<Optional<Initialization>, Network> model;
  private final Preprocessor<X> input;
  private final Postprocessor<O> output;
  private final Loss<Y> loss;
  private final Map<String, ToDoubleBiFunction<List<Y>, List<O>>> metrics = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private Optimizer optimizer = Optimizer.adam(USUAL_RATE);
  private Optional<Initialization> initialization = Optional.empty();
  private int epochs = 10;
  private int batchSize = 32;
  private double holdOut;
  private @Nullable EarlyStopping earlyStopping;
  private double clipNorm = Double.POSITIVE_INFINITY;
  private double clipValue = Double.POSITIVE_INFINITY;
  private Predicate<String> frozen = name -> false;
  private TrainerOptions.@Nullable Augmentation<X> augmentation;
  private @Nullable Path checkpoint;
  private int checkpointSteps;
  private boolean resume;

  TrainerBuilder(
      Function<Optional<Initialization>, Network> model,
      Preprocessor<X> input,
      Postprocessor<O> output,
      Loss<Y> loss) {
    this.model = model;
    this.input = input;
    this.output = output;
    this.loss = loss;
  }

  /**
   * Sets how weights follow their gradients.
   *
   * @param rule the optimizer with its learning rate and schedule; default: Adam, 0.001
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> optimizer(Optimizer rule) {
    optimizer = rule;
    return this;
  }

  /**
   * Sets what the weights of a fresh block are before training.
   *
   * @param start the initialization; default: the block's own choice, in DJL normal with a
   *     deviation of {@code sqrt(2 / in)}
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> initialization(Initialization start) {
    initialization = Optional.of(start);
    return this;
  }

  /**
   * Sets how often all examples are gone through.
   *
   * @param times from 1 to 1,000,000; default 10
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> epochs(int times) {
    epochs = times;
    return this;
  }

  /**
   * Sets how many examples a step learns from. Fewer examples than that are one batch; a last batch
   * of one example joins the one before it.
   *
   * @param examples from 1 to 1,000,000; default 32
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> batchSize(int examples) {
    batchSize = examples;
    return this;
  }

  /**
   * Keeps a part of the training data for validation where the context has none.
   *
   * @param part from 0, the default, to below 1, of the shuffled examples
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> holdOut(double part) {
    holdOut = part;
    return this;
  }

  /**
   * Adds a metric, measured on the validation data after each epoch.
   *
   * @param name what it is called in the learning curve
   * @param function gives the metric of the truth and of the answers, in the same order
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> metric(
      String name, ToDoubleBiFunction<List<Y>, List<O>> function) {
    if (metrics.putIfAbsent(name, function) != null || Fit.RESERVED.contains(name)) {
      faults.add("the name of a metric, \"" + name + "\", is taken");
    }
    return this;
  }

  /**
   * Ends training when a value has not become better for a while, and keeps the best weights.
   *
   * @param rule what to watch; default: nothing, all epochs are run
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> earlyStopping(EarlyStopping rule) {
    earlyStopping = rule;
    return this;
  }

  /**
   * Scales the gradient of a step down to a Euclidean norm, over all weights together (Pascanu et
   * al., 2013).
   *
   * @param largest above 0; default: infinity, no clipping
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> clipNorm(double largest) {
    clipNorm = largest;
    return this;
  }

  /**
   * Cuts each element of a gradient to a range around 0, before {@link #clipNorm}.
   *
   * @param largest above 0; default: infinity, no clipping
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> clipValue(double largest) {
    clipValue = largest;
    return this;
  }

  /**
   * Keeps weights as they are.
   *
   * @param names which ones, by the name of the parameter, for example {@code name ->
   *     name.startsWith("01")} for the first part of a chain of blocks
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> freeze(Predicate<String> names) {
    frozen = frozen.or(names);
    return this;
  }

  /**
   * Changes each training input at random before it is encoded, each time anew, for example with
   * {@link io.vivace.core.data.ImageAugmentation#apply}. Validation data stays as it is.
   *
   * @param change gives a changed copy; must be thread-safe
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> augmentation(
      BiFunction<? super X, ? super RandomGenerator, ? extends X> change) {
    augmentation = change::apply;
    return this;
  }

  /**
   * Writes a checkpoint after each epoch.
   *
   * @param file where to; it is replaced at once, so there is always a whole one. If it cannot be
   *     written, as where the disk is full, a warning is logged and training goes on
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> checkpoint(Path file) {
    return checkpoint(file, 0);
  }

  /**
   * Writes a checkpoint after each epoch, and in between.
   *
   * @param file where to, as for {@link #checkpoint(Path)}
   * @param steps after how many steps, or 0 for epochs only
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> checkpoint(Path file, int steps) {
    checkpoint = file;
    checkpointSteps = steps;
    return this;
  }

  /**
   * Goes on from the checkpoint's file where there is one. The result is the same, bit for bit, as
   * without the interruption.
   *
   * @param wanted default: false, an old checkpoint is replaced
   * @return this builder
   */
  public TrainerBuilder<X, Y, O> resume(boolean wanted) {
    resume = wanted;
    return this;
  }

  /**
   * Builds the trainer.
   *
   * @return the trainer
   * @throws IllegalArgumentException if options are wrong; the message lists all of them
   */
  public Trainer<X, Y, O> build() {
    List<String> found = new ArrayList<>(faults);
    check(found, "epochs", epochs, 1, 1_000_000);
    check(found, "batchSize", batchSize, 1, 1_000_000);
    check(found, "holdOut", holdOut, 0, Math.nextDown(1.0));
    check(found, "clipNorm", clipNorm, Double.MIN_VALUE, Double.POSITIVE_INFINITY);
    check(found, "clipValue", clipValue, Double.MIN_VALUE, Double.POSITIVE_INFINITY);
    check(found, "checkpoint steps", checkpointSteps, 0, Integer.MAX_VALUE);
    if (resume && checkpoint == null) {
      found.add("resume needs a checkpoint to go on from: name its file");
    }
    if (earlyStopping != null && !isKnown(earlyStopping.value())) {
      found.add(
          "early stopping watches \"%s\", but there are loss, validationLoss and the metrics %s"
              .formatted(earlyStopping.value(), metrics.keySet()));
    }
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", found));
    }
    return new Trainer<>(options());
  }

  private boolean isKnown(String value) {
    return value.equals(Fit.LOSS)
        || value.equals(Fit.VALIDATION_LOSS)
        || metrics.containsKey(value);
  }

  private TrainerOptions<X, Y, O> options() {
    Optional<Initialization> start = initialization;
    return new TrainerOptions<>(
        () -> model.apply(start),
        input,
        output,
        loss,
        optimizer,
        epochs,
        batchSize,
        holdOut,
        new LinkedHashMap<>(metrics),
        Optional.ofNullable(earlyStopping),
        clipNorm,
        clipValue,
        frozen,
        Optional.ofNullable(augmentation),
        Optional.ofNullable(checkpoint),
        checkpointSteps,
        resume);
  }

  private static void check(
      List<String> found, String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      found.add("%s must be from %s to %s, but was %s".formatted(name, low, high, value));
    }
  }
}

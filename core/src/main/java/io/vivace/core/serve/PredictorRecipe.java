package io.vivace.core.serve;

import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The description of a predictor that can be sent to other JVMs. Each of them opens the predictor
 * once and shares it between all who ask for it, as the tasks of a Spark or Flink job do. Immutable
 * and thread-safe.
 *
 * <pre>{@code
 * PredictorRecipe<float[], Classification> recipe = PredictorRecipe.of(
 *         ModelLocation.path(Path.of("/models/digits.onnx")),
 *         () -> VectorInput.floats(64),
 *         () -> ClassificationOutput.softmax(labels))
 *     .configured(builder -> builder.concurrency(2).maxBatchSize(256));
 *
 * rows.mapPartitions(partition -> {
 *   try (Predictor<float[], Classification> predictor = recipe.open()) {
 *     return predictor.predictAll(partition).iterator();
 *   }
 * });
 * }</pre>
 *
 * <p>What is sent is the location of the model, the functions that make the codecs and change the
 * builder, and an identity. Functions are sent as Java sends serializable lambdas, by the name of
 * the class that wrote them: that class must be on the class path of the receiver, and what a
 * function refers to must be serializable too. Like all Java serialization, read recipes only from
 * those you trust; a recipe checks what it is made of when it is read.
 *
 * <p>Recipes are the same if one is a copy of the other, be it sent. Two that were written apart
 * open a predictor each, as does one and its changed copy.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class PredictorRecipe<I, O> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Duration DEFAULT_IDLE = Duration.ofMinutes(1);

  private final transient Form<I, O> form;

  private PredictorRecipe(Form<I, O> form) {
    this.form = form;
  }

  /**
   * A function without arguments that can be sent.
   *
   * @param <T> the type of what it makes
   */
  @FunctionalInterface
  public interface Factory<T> extends Serializable {
    /**
     * Makes one, in the JVM that opens the recipe.
     *
     * @return a new one, not null
     */
    T make();
  }

  /**
   * A function that can be sent and changes something.
   *
   * @param <T> the type of what it changes
   */
  @FunctionalInterface
  public interface Change<T> extends UnaryOperator<T>, Serializable {}

  /** What is sent. A record is read through its constructor, which checks it. */
  record Form<I, O>(
      UUID id,
      ModelLocation model,
      Factory<? extends Preprocessor<I>> input,
      Factory<? extends Postprocessor<O>> output,
      @Nullable Change<PredictorBuilder<I, O>> configuration,
      @Nullable Change<Predictor<I, O>> wrapping,
      Duration idle)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    Form {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(model, "model must not be null");
      Objects.requireNonNull(input, "input must not be null");
      Objects.requireNonNull(output, "output must not be null");
      if (idle.isNegative()) {
        throw new IllegalArgumentException("idle must be at least 0, but was " + idle);
      }
    }

    Predictor<I, O> build() {
      PredictorBuilder<I, O> builder =
          Predictor.builder().model(model.source()).input(input.make()).output(output.make());
      Predictor<I, O> built =
          (configuration == null ? builder : configuration.apply(builder)).build();
      return wrapping == null ? built : wrapping.apply(built);
    }

    private Object readResolve() {
      return new PredictorRecipe<>(this);
    }
  }

  /**
   * Writes a recipe.
   *
   * @param model where each JVM finds the model
   * @param input makes the codec of the items, for example {@code () -> VectorInput.floats(64)}
   * @param output makes the codec of the answers
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a recipe with default options
   */
  public static <I, O> PredictorRecipe<I, O> of(
      ModelLocation model,
      Factory<? extends Preprocessor<I>> input,
      Factory<? extends Postprocessor<O>> output) {
    return new PredictorRecipe<>(
        new Form<>(UUID.randomUUID(), model, input, output, null, null, DEFAULT_IDLE));
  }

  /**
   * Sets options of the predictor.
   *
   * <p>Default: those of {@link PredictorBuilder}.
   *
   * @param configuration given the builder with model and codecs, returns it with its options
   * @return a changed copy, with an identity of its own
   */
  public PredictorRecipe<I, O> configured(Change<PredictorBuilder<I, O>> configuration) {
    Objects.requireNonNull(configuration, "configuration must not be null");
    return new PredictorRecipe<>(
        new Form<>(
            UUID.randomUUID(),
            form.model,
            form.input,
            form.output,
            configuration,
            form.wrapping,
            form.idle));
  }

  /**
   * Puts other predictors around the one that is built, for example a cache.
   *
   * <p>Default: none.
   *
   * @param wrapping given the predictor, returns one that owns it
   * @return a changed copy, with an identity of its own
   */
  public PredictorRecipe<I, O> wrapped(Change<Predictor<I, O>> wrapping) {
    Objects.requireNonNull(wrapping, "wrapping must not be null");
    return new PredictorRecipe<>(
        new Form<>(
            UUID.randomUUID(),
            form.model,
            form.input,
            form.output,
            form.configuration,
            wrapping,
            form.idle));
  }

  /**
   * Sets how long a JVM keeps the predictor open after the last who used it has closed it, so that
   * the next task does not load the model again.
   *
   * <p>Default: 1 minute.
   *
   * @param idle at least 0
   * @return a changed copy, with an identity of its own
   * @throws IllegalArgumentException if it is negative
   */
  public PredictorRecipe<I, O> idle(Duration idle) {
    return new PredictorRecipe<>(
        new Form<>(
            UUID.randomUUID(),
            form.model,
            form.input,
            form.output,
            form.configuration,
            form.wrapping,
            idle));
  }

  /**
   * Returns the predictor of this JVM, building it if it is not open. Calls at the same time wait
   * for one build; if it fails they build again.
   *
   * @return a predictor to be closed by the caller; the shared one stays open for the others
   * @throws IllegalArgumentException if options or codecs are at fault
   * @throws io.vivace.core.ModelLoadException if the model cannot be opened
   */
  public Predictor<I, O> open() {
    return SharedPredictor.open(form);
  }

  /**
   * Tells how many predictors of this JVM that {@link #open} returned are not closed yet.
   *
   * @return at least 0
   */
  public int openCount() {
    return SharedPredictor.users(form.id);
  }

  /**
   * Gives what is sent in the place of a recipe.
   *
   * @return the form
   */
  private Object writeReplace() {
    return form;
  }

  /**
   * Refuses a stream that holds a recipe itself.
   *
   * @param stream the stream
   * @throws InvalidObjectException always
   */
  private void readObject(ObjectInputStream stream) throws InvalidObjectException {
    throw new InvalidObjectException("a recipe is read from its form only");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PredictorRecipe<?, ?> recipe && recipe.form.id.equals(form.id);
  }

  @Override
  public int hashCode() {
    return form.id.hashCode();
  }

  @Override
  public String toString() {
    return String.format(
        "PredictorRecipe[%s, model=%s, %sidle=%s]",
        form.id,
        form.model,
        (form.configuration == null ? "" : "configured, ")
            + (form.wrapping == null ? "" : "wrapped, "),
        form.idle);
  }
}

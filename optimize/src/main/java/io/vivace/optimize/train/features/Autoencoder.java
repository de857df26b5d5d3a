package io.vivace.optimize.train.features;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.TrainerBuilder;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A network that learns to give back its input through a layer of few units, the code (Hinton and
 * Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", 2006): fully connected
 * layers with rectifiers between them, the mean squared difference as loss. Immutable: each option
 * returns a changed copy.
 *
 * <pre>{@code
 * Autoencoder autoencoder =
 *     Autoencoder.code(16).hidden(128).training(trainer -> trainer.epochs(200));
 * try (AutoencoderModel model = autoencoder.fit(training)) {
 *   double[] code = model.predict(example);
 *   double strangeness = model.reconstructionError(List.of(example));
 * }
 * }</pre>
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #hidden hidden}</td><td>none: one layer in, one layer out</td></tr>
 * <tr><td>{@link #training training}</td><td>the trainer's defaults</td></tr>
 * </table>
 *
 * <p>Features are taken as they are: scale them first, to a range of about 1. A value that is
 * missing or infinite is refused.
 */
public final class Autoencoder {
  private final int code;
  private final int[] hidden;
  private final UnaryOperator<TrainerBuilder<double[], double[], Reconstruction>> training;

  private Autoencoder(
      int code,
      int[] hidden,
      UnaryOperator<TrainerBuilder<double[], double[], Reconstruction>> training) {
    this.code = code;
    this.hidden = hidden;
    this.training = training;
  }

  /**
   * Sets the size of the code.
   *
   * @param units at least 1
   * @return the autoencoder
   * @throws IllegalArgumentException if it is below 1
   */
  public static Autoencoder code(int units) {
    requireUnits(units);
    return new Autoencoder(units, new int[0], UnaryOperator.identity());
  }

  /**
   * Puts layers between input and code, and the same in reverse between code and output.
   *
   * @param units the size of each, from the input on, at least 1; default: none
   * @return a changed copy
   * @throws IllegalArgumentException if a size is below 1
   */
  public Autoencoder hidden(int... units) {
    Arrays.stream(units).forEach(Autoencoder::requireUnits);
    return new Autoencoder(code, units.clone(), training);
  }

  /**
   * Changes how the network is trained.
   *
   * @param options sets options of the trainer, such as epochs, optimizer and early stopping on
   *     {@code validationLoss}, each time anew; default: none
   * @return a changed copy
   */
  public Autoencoder training(
      UnaryOperator<TrainerBuilder<double[], double[], Reconstruction>> options) {
    return new Autoencoder(code, hidden, options);
  }

  private static void requireUnits(int units) {
    if (units < 1) {
      throw new IllegalArgumentException("a layer must have at least 1 unit, but has " + units);
    }
  }

  /**
   * Learns with {@linkplain FitContext#defaults() the defaults}.
   *
   * @param examples at least one, all of the same length and finite; labels are not looked at
   * @return the model, to be closed by the caller
   * @throws IllegalArgumentException if nothing can be learnt from such examples, or an option of
   *     the trainer is wrong
   * @throws io.vivace.optimize.train.TrainingException as for {@link Trainer#fit}
   */
  public AutoencoderModel fit(Dataset<double[], ?> examples) {
    return fit(examples, FitContext.<double[], Object>defaults());
  }

  /**
   * Learns.
   *
   * @param examples at least one, all of the same length and finite; labels are not looked at
   * @param context validation data, seed, progress and stop signal
   * @return the model, to be closed by the caller
   * @throws IllegalArgumentException if nothing can be learnt from such examples, or an option of
   *     the trainer is wrong
   * @throws io.vivace.optimize.train.TrainingException as for {@link Trainer#fit}
   * @throws java.util.concurrent.CancellationException if the stop signal was given before the end
   */
  public AutoencoderModel fit(Dataset<double[], ?> examples, FitContext<double[], ?> context) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("there are no training examples");
    }
    int features = examples.inputs().get(0).length;
    if (features == 0) {
      throw new IllegalArgumentException("an example must have at least one feature, but has none");
    }
    for (int i = 0; i < examples.size(); i++) {
      FeatureMatrix.requireRow(examples.inputs().get(i), i, features);
    }
    SequentialBlock network = network(features);
    Trainer<double[], double[], Reconstruction> trainer =
        training
            .apply(
                Trainer.block(() -> network)
                    .input(VectorInput.floats(features).finite().after(Autoencoder::narrow))
                    .output(Reconstruction::of)
                    .loss(likeness()))
            .build();
    TrainedModel<double[], Reconstruction> model = trainer.fit(targets(examples), own(context));
    return new AutoencoderModel(model, network);
  }

  /**
   * Returns this as an estimator, whose predictor answers with the code.
   *
   * @param <Y> the type of the labels, which are not looked at
   * @return the estimator
   */
  public <Y> Estimator<double[], Y, double[]> estimator() {
    return this::fit;
  }

  private static Loss<double[]> likeness() {
    Loss<double[]> squares = Loss.meanSquaredError().labels(Autoencoder::narrow);
    return (outputs, labels) -> squares.of(new NDList(outputs.get(Reconstruction.RESULT)), labels);
  }

  private static Dataset<double[], double[]> targets(Dataset<double[], ?> examples) {
    return Dataset.of(examples.inputs(), examples.inputs());
  }

  private static FitContext<double[], double[]> own(FitContext<double[], ?> context) {
    FitContext<double[], double[]> own =
        FitContext.<double[], double[]>defaults()
            .seed(context.seed())
            .progress(context.progress())
            .stopSignal(context.stopSignal());
    return context.validation().map(part -> own.validation(targets(part))).orElse(own);
  }

  private SequentialBlock network(int features) {
    int[] sizes = new int[hidden.length + 2];
    sizes[0] = features;
    System.arraycopy(hidden, 0, sizes, 1, hidden.length);
    sizes[hidden.length + 1] = code;
    SequentialBlock encoder = new SequentialBlock();
    SequentialBlock decoder = new SequentialBlock();
    for (int i = 1; i < sizes.length; i++) {
      layer(encoder, sizes[i]);
      layer(decoder, sizes[sizes.length - 1 - i]);
    }
    SequentialBlock network = new SequentialBlock().add(encoder).add(decoder);
    network.setReturnIntermediate(true);
    return network;
  }

  private static void layer(SequentialBlock chain, int units) {
    if (!chain.getChildren().isEmpty()) {
      chain.add(Activation.reluBlock());
    }
    chain.add(Linear.builder().setUnits(units).build());
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /**
   * Returns the layers.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "Autoencoder[code=%d, hidden=%s]".formatted(code, Arrays.toString(hidden));
  }
}

package io.vivace.optimize.train.features;

import ai.djl.nn.SequentialBlock;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.model.Signature;
import io.vivace.optimize.train.LearningCurve;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.export.BlockExport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A trained autoencoder, which answers with the code of an example: on the engine that trained it,
 * one call at a time. To serve it, {@linkplain #exportEncoder export} it to ONNX and open that with
 * {@link Predictor#builder()}.
 */
public final class AutoencoderModel implements Predictor<double[], double[]> {
  private final TrainedModel<double[], Reconstruction> model;
  private final SequentialBlock network;
  private boolean closed;

  AutoencoderModel(TrainedModel<double[], Reconstruction> model, SequentialBlock network) {
    this.model = model;
    this.network = network;
  }

  /**
   * Returns what was measured in each epoch.
   *
   * @return the learning curve
   */
  public LearningCurve learningCurve() {
    return model.learningCurve();
  }

  @Override
  public double[] predict(double[] item) {
    return reconstruct(item).code();
  }

  /**
   * Encodes an example and decodes it again.
   *
   * @param example its features
   * @return the code, and what the decoder made of it
   * @throws io.vivace.core.InvalidInputException if the example has another length than those
   *     learnt from
   * @throws PredictorClosedException if the model is closed
   */
  public synchronized Reconstruction reconstruct(double[] example) {
    requireOpen();
    return model.predict(example);
  }

  /**
   * Returns how far examples are from what the decoder makes of their codes.
   *
   * @param examples at least one
   * @return the mean of the squared differences, over examples and features
   * @throws IllegalArgumentException if there is no example
   * @throws io.vivace.core.PartialResultException if an example does not fit
   * @throws PredictorClosedException if the model is closed
   */
  public synchronized double reconstructionError(List<double[]> examples) {
    requireOpen();
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one example, but is none");
    }
    List<Reconstruction> answers = model.predictAll(examples);
    double sum = 0;
    for (int i = 0; i < answers.size(); i++) {
      sum += meanSquare(examples.get(i), answers.get(i).features());
    }
    return sum / answers.size();
  }

  private static double meanSquare(double[] example, double[] found) {
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += (example[i] - found[i]) * (example[i] - found[i]);
    }
    return sum / found.length;
  }

  /**
   * Writes the encoder as an ONNX file, from an example to its code.
   *
   * @param target the file; it is replaced at once when all is written
   * @throws java.io.UncheckedIOException if it cannot be written; the file is as it was
   * @throws PredictorClosedException if the model is closed
   */
  public synchronized void exportEncoder(Path target) {
    requireOpen();
    BlockExport.write(network.getChildren().valueAt(0), target);
  }

  /**
   * Writes encoder and decoder as one ONNX file, from an example to what the decoder makes of its
   * code.
   *
   * @param target the file; it is replaced at once when all is written
   * @throws java.io.UncheckedIOException if it cannot be written; the file is as it was
   * @throws PredictorClosedException if the model is closed
   */
  public synchronized void export(Path target) {
    requireOpen();
    network.setReturnIntermediate(false);
    try {
      BlockExport.write(network, target);
    } finally {
      network.setReturnIntermediate(true);
    }
  }

  @Override
  public synchronized List<Outcome<double[]>> predictEach(List<? extends double[]> items) {
    requireOpen();
    List<Outcome<double[]>> codes = new ArrayList<>(items.size());
    for (Outcome<Reconstruction> each : model.predictEach(items)) {
      codes.add(each.isAnswered() ? Outcome.of(each.get().code()) : Outcome.failed(each.error()));
    }
    return codes;
  }

  @Override
  public CompletableFuture<double[]> predictAsync(double[] item) {
    return CompletableFuture.supplyAsync(() -> predict(item));
  }

  @Override
  public Signature signature() {
    return model.signature();
  }

  @Override
  public synchronized void close() {
    closed = true;
    model.close();
  }

  private void requireOpen() {
    if (closed) {
      throw new PredictorClosedException("the autoencoder is closed");
    }
  }
}

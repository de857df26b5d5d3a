package io.vivace.optimize.distill;

import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.model.Signature;
import io.vivace.optimize.train.TrainedModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The generation of a {@link SelfDistillation} that was kept. It answers with scores, as its
 * trainer's model does, and closes that.
 *
 * @param <X> the type of the items
 */
public final class SelfTaughtModel<X> implements Predictor<X, float[]> {
  private final TrainedModel<X, float[]> model;
  private final int generation;
  private final List<Double> scores;

  SelfTaughtModel(TrainedModel<X, float[]> model, int generation, List<Double> scores) {
    this.model = model;
    this.generation = generation;
    this.scores = List.copyOf(scores);
  }

  /**
   * Returns the trained network, for its learning curve, and to save or export it.
   *
   * @return the network; it is closed with this
   */
  public TrainedModel<X, float[]> model() {
    return model;
  }

  /**
   * Returns which generation was kept.
   *
   * @return from 1, which learnt from labels alone
   */
  public int generation() {
    return generation;
  }

  /**
   * Returns how good each generation was on the validation data.
   *
   * @return one score per generation, the larger the better; NaN where there was no such data
   */
  public List<Double> scores() {
    return scores;
  }

  @Override
  public float[] predict(X item) {
    return model.predict(item);
  }

  @Override
  public List<Outcome<float[]>> predictEach(List<? extends X> items) {
    return model.predictEach(items);
  }

  @Override
  public CompletableFuture<float[]> predictAsync(X item) {
    return model.predictAsync(item);
  }

  @Override
  public Signature signature() {
    return model.signature();
  }

  @Override
  public void close() {
    model.close();
  }
}

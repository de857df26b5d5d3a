package io.vivace.core;

import io.vivace.core.data.Dataset;

/** One estimator, and another that learns from its answers. */
record EstimatorChain<X, Y, M, O>(Estimator<X, Y, M> first, Estimator<M, Y, O> second)
    implements Estimator<X, Y, O> {
  @Override
  public Predictor<X, O> fit(Dataset<X, Y> training, FitContext<X, Y> context) {
    Predictor<X, M> features = first.fit(training, context);
    try {
      FitContext<M, Y> rest =
          context.withValidation(context.validation().map(part -> answered(features, part)));
      context.stopSignal().throwIfRequested();
      return new PredictorChain<>(features, second.fit(answered(features, training), rest));
    } catch (RuntimeException | Error e) {
      features.close();
      throw e;
    }
  }

  private static <X, M, Y> Dataset<M, Y> answered(Predictor<X, M> features, Dataset<X, Y> part) {
    return Dataset.of(features.predictAll(part.inputs()), part.labels());
  }
}

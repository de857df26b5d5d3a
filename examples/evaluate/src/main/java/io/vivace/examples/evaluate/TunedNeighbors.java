package io.vivace.examples.evaluate;

import static io.vivace.evaluate.metric.ClassificationMetrics.LOG_LOSS;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.metric.Scores;
import io.vivace.evaluate.search.Parameter;
import io.vivace.evaluate.search.Space;
import io.vivace.evaluate.search.Study;

/**
 * The nearest neighbours, whose number is searched for on the validation data.
 *
 * @param classes how many classes there are; labels are from 0 to {@code classes - 1}
 */
record TunedNeighbors(int classes) implements Estimator<double[], Integer, double[]> {
  /** What the search makes low: shares of few neighbours are too sure of themselves. */
  static final Metric<Scores> SCORE = LOG_LOSS;

  private static final int TRIALS = 20;
  private static final int MOST = 40;

  @Override
  public Predictor<double[], double[]> fit(
      Dataset<double[], Integer> training, FitContext<double[], Integer> context) {
    Dataset<double[], Integer> validation =
        context
            .validation()
            .orElseThrow(() -> new IllegalArgumentException("the search needs validation data"));
    int k = search(training, validation, context.seed()).bestParams().integer("k");
    return new NearestNeighbors(classes, k).fit(training, context);
  }

  Study search(
      Dataset<double[], Integer> training, Dataset<double[], Integer> validation, long seed) {
    Space space = Space.of(Parameter.integer("k", 1, Math.min(MOST, training.size())).log());
    return Study.tpe()
        .trials(TRIALS)
        .seed(seed)
        .minimize(
            space,
            params -> {
              try (Predictor<double[], double[]> model =
                  new NearestNeighbors(classes, params.integer("k")).fit(training)) {
                return Evaluate.evaluator(classes)
                    .metrics(SCORE)
                    .resamples(0)
                    .evaluate("k", model, validation)
                    .value(SCORE);
              }
            });
  }
}

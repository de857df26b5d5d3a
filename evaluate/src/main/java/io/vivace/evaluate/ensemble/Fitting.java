package io.vivace.evaluate.ensemble;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.internal.SeededRandom;
import java.util.ArrayList;
import java.util.List;

/** Fits several estimators and leaves nothing open if one fails. */
final class Fitting {
  private Fitting() {}

  static <X, Y, O> List<Predictor<X, O>> all(
      List<? extends Estimator<X, Y, O>> estimators,
      Dataset<X, Y> training,
      FitContext<X, Y> context) {
    List<Predictor<X, O>> fitted = new ArrayList<>();
    try {
      for (int i = 0; i < estimators.size(); i++) {
        fitted.add(estimators.get(i).fit(training, part(context, i)));
      }
      return fitted;
    } catch (RuntimeException | Error e) {
      close(fitted, e);
      throw e;
    }
  }

  /** The context of one of several estimators: with a seed and a name of its own. */
  static <X, Y> FitContext<X, Y> part(FitContext<X, Y> context, int index) {
    return context
        .seed(SeededRandom.derived(context.seed(), index))
        .progress(context.progress().within("member " + (index + 1)));
  }

  static void close(List<? extends Predictor<?, ?>> predictors, Throwable reason) {
    for (Predictor<?, ?> predictor : predictors) {
      try {
        predictor.close();
      } catch (RuntimeException e) {
        reason.addSuppressed(e);
      }
    }
  }
}

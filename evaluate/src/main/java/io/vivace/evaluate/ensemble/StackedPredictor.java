package io.vivace.evaluate.ensemble;

import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Asks the bases, then the last model with their answers. Owns them all. */
final class StackedPredictor<X, A, O> implements Predictor<X, O> {
  private final List<Predictor<X, A>> bases;
  private final Predictor<double[], O> last;
  private final BiFunction<X, List<A>, double[]> features;

  StackedPredictor(
      List<Predictor<X, A>> bases,
      Predictor<double[], O> last,
      BiFunction<X, List<A>, double[]> features) {
    this.bases = List.copyOf(bases);
    this.last = last;
    this.features = features;
  }

  @Override
  public O predict(X item) {
    return last.predict(features(item, bases.stream().map(base -> base.predict(item)).toList()));
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends X> items) {
    List<List<Outcome<A>>> answers = new ArrayList<>();
    for (Predictor<X, A> base : bases) {
      answers.add(base.predictEach(items));
    }
    List<Outcome<O>> outcomes = new ArrayList<>();
    List<double[]> rows = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      int position = i;
      try {
        rows.add(
            features(items.get(i), answers.stream().map(of -> of.get(position).get()).toList()));
        places.add(i);
        outcomes.add(Outcome.failed(new EngineException("not asked")));
      } catch (InferenceException e) {
        outcomes.add(Outcome.failed(e));
      }
    }
    List<Outcome<O>> combined = last.predictEach(rows);
    for (int i = 0; i < combined.size(); i++) {
      outcomes.set(places.get(i), combined.get(i));
    }
    return outcomes;
  }

  private double[] features(X item, List<A> answers) {
    try {
      return features.apply(item, answers);
    } catch (InferenceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EngineException("the answers could not be made into features: " + e, e);
    }
  }

  @Override
  public CompletableFuture<O> predictAsync(X item) {
    List<CompletableFuture<A>> asked = bases.stream().map(base -> base.predictAsync(item)).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenCompose(
            nothing ->
                last.predictAsync(
                    features(item, asked.stream().map(CompletableFuture::join).toList())));
  }

  @Override
  public Signature signature() {
    return bases.get(0).signature();
  }

  /** The models of the bases, then those of the last. */
  @Override
  public List<ModelVersion> models() {
    return Stream.concat(bases.stream(), Stream.of(last))
        .flatMap(each -> each.models().stream())
        .toList();
  }

  @Override
  public void close() {
    bases.forEach(Predictor::close);
    last.close();
  }
}

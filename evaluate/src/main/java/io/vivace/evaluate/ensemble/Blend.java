package io.vivace.evaluate.ensemble;

import io.vivace.core.Predictor;
import io.vivace.core.Provenance;
import io.vivace.evaluate.Candidate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models with the weights that were found for them.
 *
 * @param weights by candidate, in the order given, each at least 0, their sum 1
 * @param validationScore the metric on the validation data; too good as a promise
 * @param examples how many validation examples it was found on
 * @param leftOut how many were left out, since a candidate failed on them
 * @param predictor the ensemble; owns the models that have a weight above 0 and asks only those
 * @param provenance what made this
 * @param <X> the type of the inputs
 * @param <O> the type of the answers
 */
public record Blend<X, O>(
    Map<String, Double> weights,
    double validationScore,
    int examples,
    int leftOut,
    Predictor<X, O> predictor,
    Provenance provenance) {
  /**
   * Copies the weights.
   *
   * @param weights by candidate
   * @param validationScore the metric on the validation data
   * @param examples how many validation examples it was found on
   * @param leftOut how many were left out
   * @param predictor the ensemble
   * @param provenance what made this
   */
  public Blend {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  static <X, O> Blend<X, O> of(
      String name,
      List<? extends Candidate<X, ? extends O>> candidates,
      double[] weights,
      double score,
      BlendScore<?, O> found,
      Predictor<X, O> predictor) {
    Map<String, Double> byName = new LinkedHashMap<>();
    Provenance provenance =
        Provenance.now()
            .setting("blending", name)
            .setting("metric", found.metric().identity())
            .setting("validation.examples", found.examples());
    for (int i = 0; i < weights.length; i++) {
      Candidate<X, ? extends O> candidate = candidates.get(i);
      if (byName.put(candidate.name(), weights[i]) != null) {
        throw new IllegalArgumentException("two candidates are called " + candidate.name());
      }
      provenance = provenance.setting("weight." + candidate.name(), weights[i]);
      if (candidate.source().isPresent()) {
        provenance = provenance.model(candidate.name(), candidate.source().orElseThrow());
      }
    }
    return new Blend<>(byName, score, found.examples(), found.leftOut(), predictor, provenance);
  }
}

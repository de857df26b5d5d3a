package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;

/** A weight of the network: the array that is trained, and how the weight is made of it. */
final class GraphParameter {
  private final Weight original;
  private final List<WeightForm> forms = new ArrayList<>();
  private NDArray trained;

  GraphParameter(Weight original, NDArray trained) {
    this.original = original;
    this.trained = trained;
  }

  String name() {
    return original.name();
  }

  /** The weight as it is in the file. */
  Weight original() {
    return original;
  }

  /** What the optimizer changes. */
  NDArray trained() {
    return trained;
  }

  /** Trains another array from now on, of which the forms make the weight. */
  void trained(NDArray other) {
    trained = other;
  }

  /** Adds a form, which gets what those before it made. */
  void add(WeightForm form) {
    forms.add(form);
  }

  boolean isPlain() {
    return forms.isEmpty();
  }

  /** The weight as the forms before that of a class make it, without a gradient. */
  NDArray weightBefore(Class<? extends WeightForm> last) {
    NDArray weight = trained.stopGradient();
    for (WeightForm form : forms) {
      if (last.isInstance(form)) {
        return weight;
      }
      weight = form.apply(weight);
    }
    return weight;
  }

  /** The weight that the network computes with. */
  NDArray weight(NDArray from) {
    NDArray weight = from;
    for (WeightForm form : forms) {
      weight = form.apply(weight);
    }
    return weight;
  }
}

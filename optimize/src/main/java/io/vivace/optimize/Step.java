package io.vivace.optimize;

import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.PassContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A step of a pipeline: a pass, or several of which each layer gets one.
 *
 * @param passes the strongest first
 */
record Step(List<GraphPass> passes) {
  Step {
    passes = List.copyOf(passes);
  }

  /** Whether a search can leave layers out. */
  boolean isByLayer() {
    return passes.stream().allMatch(pass -> pass instanceof LayerPass);
  }

  /** The level at which a layer stays as it is. */
  int untouched() {
    return passes.size();
  }

  /** Does the strongest to all layers. */
  void apply(EditableModel model, PassContext context) {
    model.apply(passes.get(0), context);
  }

  /** Does to each layer what its level says; layers without one get the strongest. */
  void apply(EditableModel model, PassContext context, Map<String, Integer> levels) {
    if (!isByLayer()) {
      apply(model, context);
      return;
    }
    List<String> names = model.weights().layers().stream().map(LayerTensor::name).toList();
    for (int level = 0; level < passes.size(); level++) {
      List<String> others = new ArrayList<>();
      for (String name : names) {
        if (levels.getOrDefault(name, 0) != level) {
          others.add(name);
        }
      }
      if (others.size() < names.size()) {
        model.apply(((LayerPass) passes.get(level)).without(others), context);
      }
    }
  }

  @Override
  public String toString() {
    return passes.size() == 1 ? passes.get(0).toString() : "one of " + passes;
  }
}

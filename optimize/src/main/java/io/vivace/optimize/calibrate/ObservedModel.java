package io.vivace.optimize.calibrate;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Value;
import io.vivace.optimize.graph.ValueType;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** A copy of a model whose inner values are outputs. */
public final class ObservedModel {
  private ObservedModel() {}

  /**
   * Writes the copy.
   *
   * @param model the model, as before when this returns
   * @param values values inside it; those that are inputs or outputs already are left as they are
   * @param target the file, replaced if it exists
   */
  public static void save(ModelGraph model, Set<String> values, Path target) {
    Graph graph = model.graph();
    TypeInference types = TypeInference.of(model);
    Set<String> added = new LinkedHashSet<>(values);
    added.removeIf(value -> graph.isOutput(value) || graph.isInput(value));
    try {
      added.forEach(value -> graph.putOutput(Value.of(value, stated(types.type(value)))));
      model.save(target);
    } finally {
      added.forEach(graph::removeOutput);
    }
  }

  /** Engines want an element type; where none is known, a wrong guess is refused when they load. */
  private static ValueType stated(ValueType type) {
    return type.element() == OnnxElementType.UNDEFINED
        ? new ValueType(OnnxElementType.FLOAT, type.dimensions())
        : type;
  }
}

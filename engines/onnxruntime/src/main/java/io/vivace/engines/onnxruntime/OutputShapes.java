package io.vivace.engines.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the shapes of a model's outputs from those of its inputs, by the names that the file
 * gives to open sizes. A file may lie or say nothing, so a prediction is only a proposal: the
 * engine refuses a pinned output of another shape.
 */
final class OutputShapes {
  /** Where an open size is found: this axis of that input. */
  private record Place(int input, int axis) {}

  private final Map<String, TensorInfo> outputs = new HashMap<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Set<String> unpredictable = ConcurrentHashMap.newKeySet();

  OutputShapes(OrtSession session) throws OrtException {
    int input = 0;
    for (NodeInfo node : session.getInputInfo().values()) {
      String[] names = ((TensorInfo) node.getInfo()).getDimensionNames();
      for (int axis = 0; axis < names.length; axis++) {
        places.putIfAbsent(names[axis], new Place(input, axis));
      }
      // An output that is also an input is the input's own memory: what is pinned stays untouched.
      unpredictable.add(node.getName());
      input++;
    }
    for (NodeInfo node : session.getOutputInfo().values()) {
      outputs.put(node.getName(), (TensorInfo) node.getInfo());
    }
  }

  /** Whether the output's shape can be a function of the shapes of the inputs. */
  boolean isPredictable(String output) {
    return !unpredictable.contains(output);
  }

  /** Remembers that the output had two shapes for the same shapes of the inputs. */
  void giveUp(String output) {
    unpredictable.add(output);
  }

  /** The shape that the file promises, or null if it leaves a size open. */
  @Nullable Shape predict(String output, List<TensorSpec> inputs) {
    TensorInfo info = outputs.get(output);
    if (info == null) {
      return null;
    }
    long[] sizes = info.getShape();
    String[] names = info.getDimensionNames();
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] < 0) {
        Place place = names[axis].isEmpty() ? null : places.get(names[axis]);
        if (place == null) {
          return null;
        }
        sizes[axis] = inputs.get(place.input).shape().dimension(place.axis);
      }
    }
    return Shape.of(sizes);
  }
}

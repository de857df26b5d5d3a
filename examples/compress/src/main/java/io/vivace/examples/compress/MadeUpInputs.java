package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Inputs made up from what the model says of itself: floats from the normal distribution; integers
 * that look rows up in a table are numbers of rows, others are ones.
 */
final class MadeUpInputs implements Iterable<Map<String, Tensor>> {
  private static final int OPEN_SIZE = 16;

  private final List<Map<String, Tensor>> inputs;

  private MadeUpInputs(List<Map<String, Tensor>> inputs) {
    this.inputs = inputs;
  }

  static MadeUpInputs of(ModelSource source, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Map<String, Tensor>> inputs = new ArrayList<>();
    try (ModelGraph model = ModelGraph.open(source)) {
      for (int i = 0; i < count; i++) {
        Map<String, Tensor> sample = new LinkedHashMap<>();
        for (Value input : model.graph().inputs()) {
          if (model.graph().weight(input.name()).isEmpty()) {
            sample.put(input.name(), tensor(model.graph(), input, random));
          }
        }
        inputs.add(sample);
      }
    }
    return new MadeUpInputs(inputs);
  }

  private static Tensor tensor(Graph graph, Value input, SplittableRandom random) {
    List<OnnxDimension> dimensions = input.type().dimensions();
    if (dimensions == null) {
      throw new IllegalArgumentException(
          "input %s states no shape, so none can be made up; use the library".formatted(input));
    }
    long[] shape = new long[dimensions.size()];
    int elements = 1;
    for (int i = 0; i < shape.length; i++) {
      long size = dimensions.get(i).size();
      shape[i] = size >= 0 ? size : i == 0 ? 1 : OPEN_SIZE;
      elements = Math.toIntExact(elements * shape[i]);
    }
    if (input.type().element() == OnnxElementType.FLOAT) {
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Tensor.of(values, shape);
    }
    if (input.type().element() != OnnxElementType.INT64) {
      throw new IllegalArgumentException(
          "input %s is of a type that cannot be made up; use the library".formatted(input));
    }
    long rows = rows(graph, input.name());
    long[] values = new long[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = rows > 0 ? random.nextLong(rows) : 1;
    }
    return Tensor.of(values, shape);
  }

  /** The number of rows of the smallest table in which the input looks rows up; 0 for none. */
  private static long rows(Graph graph, String input) {
    long rows = 0;
    for (Node node : graph.nodes()) {
      if (node.is("Gather") && node.input(1).equals(input)) {
        long size =
            graph.constant(node.input(0)).map(table -> table.shape().dimension(0)).orElse(0L);
        rows = rows == 0 ? size : Math.min(rows, size);
      }
    }
    return rows;
  }

  @Override
  public Iterator<Map<String, Tensor>> iterator() {
    return inputs.iterator();
  }
}

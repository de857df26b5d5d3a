package io.vivace.optimize.factorize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.onnx.OnnxMessage;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Value;
import io.vivace.optimize.graph.ValueType;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.internal.OnnxEngine;
import io.vivace.optimize.internal.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times one layer against its factors, in turns, in the engine that is on the class path. */
final class LayerRace {
  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 2_000_000;
  private static final long OPEN_SIZE = 8;

  private LayerRace() {}

  /**
   * Returns the median time of the factors over that of the layer.
   *
   * @param seen the shape that the layer took in samples; else that of the graph is taken, with
   *     open sizes of 1 (first axis) and 8
   */
  static double ratio(
      ModelGraph model, Node node, Weight weight, Factors factors, Optional<Shape> seen) {
    Shape shape = seen.orElseGet(() -> shape(TypeInference.of(model).type(node.input(0))));
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Path before = folder.file("before.onnx");
      Path after = folder.file("after.onnx");
      save(model, node, weight, null, shape, before);
      save(model, node, weight, factors, shape, after);
      return race(before, after, shape);
    }
  }

  private static Shape shape(ValueType type) {
    long[] sizes = new long[Math.max(0, type.rank())];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = type.size(i) > 0 ? type.size(i) : i == 0 ? 1 : OPEN_SIZE;
    }
    return Shape.of(sizes);
  }

  private static void save(
      ModelGraph model,
      Node node,
      Weight weight,
      @Nullable Factors factors,
      Shape shape,
      Path file) {
    try (ModelGraph alone = empty(model.opset())) {
      Graph graph = alone.graph();
      Node copy = copy(node);
      List<Node> nodes = new ArrayList<>(List.of(copy));
      if (factors == null) {
        graph.put(copy(weight));
      } else {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < factors.values().size(); i++) {
          names.add("factor" + i);
          graph.put(
              Weight.ofFloats("factor" + i, factors.shapes().get(i), factors.values().get(i)));
        }
        nodes = new FactorRewrite(graph).layers(copy, factors, names);
      }
      model.graph().constant(node.input(2)).ifPresent(bias -> graph.put(copy(bias)));
      graph.replaceNodes(nodes);
      graph.putInput(Value.of(node.input(0), ValueType.of(OnnxElementType.FLOAT, shape)));
      graph.putOutput(Value.of(node.output(), new ValueType(OnnxElementType.FLOAT, null)));
      alone.save(file);
    }
  }

  /** Free of the file that the model comes from. */
  private static Weight copy(Weight weight) {
    return Weight.of(weight.name(), weight.type(), weight.shape(), weight.elements());
  }

  private static Node copy(Node node) {
    Node copy = Node.of(node.operator(), "layer", node.inputs(), node.outputs());
    for (Attribute attribute : node.attributes()) {
      String name = attribute.name();
      copy.attribute(
          switch (name) {
            case "strides", "pads", "dilations", "kernel_shape" ->
                Attribute.ofLongs(name, attribute.integers());
            case "alpha", "beta" -> Attribute.of(name, attribute.number());
            case "auto_pad" -> Attribute.of(name, attribute.text());
            default -> Attribute.of(name, attribute.integer());
          });
    }
    return copy;
  }

  private static ModelGraph empty(long opset) {
    OnnxMessage graph = new OnnxMessage().text(2, "layer");
    OnnxMessage model =
        new OnnxMessage()
            .integer(1, 7)
            .message(7, graph)
            .message(8, new OnnxMessage().integer(2, opset));
    try {
      return ModelGraph.open(ModelSource.bytes("layer.onnx", model.content().bytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double race(Path before, Path after, Shape shape) {
    try (LoadedModel first = open(before);
        LoadedModel second = open(after);
        ExecutionContext one = first.newContext();
        ExecutionContext other = second.newContext()) {
      prepare(first, one, shape);
      prepare(second, other, shape);
      double[] ratios = new double[ROUNDS];
      int runs = runs(one);
      for (int i = 0; i < ROUNDS; i++) {
        double plain = time(one, runs);
        ratios[i] = time(other, runs) / plain;
      }
      Arrays.sort(ratios);
      return ratios[ROUNDS / 2];
    }
  }

  private static LoadedModel open(Path file) {
    ModelArtifact artifact =
        ModelArtifact.of(file.getFileName().toString(), file, ModelFormat.ONNX);
    EngineProvider engine = OnnxEngine.require(artifact, "ranks are chosen by measured time");
    return engine.open(artifact, engine.defaultOptions());
  }

  private static void prepare(LoadedModel model, ExecutionContext context, Shape shape) {
    TensorSpec input = model.signature().inputs().get(0);
    Tensor buffer =
        context.prepare(List.of(new TensorSpec(input.name(), input.type(), shape))).get(0);
    for (int i = 0; i < buffer.size(); i++) {
      buffer.data().putFloat(i * Float.BYTES, (i % 17 - 8) / 8f);
    }
  }

  private static int runs(ExecutionContext context) {
    time(context, 3);
    double one = time(context, 3) / 3;
    return (int) Math.max(1, Math.min(1_000, ROUND_NANOS / Math.max(1, one)));
  }

  private static double time(ExecutionContext context, int runs) {
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      context.run();
    }
    return System.nanoTime() - start;
  }
}

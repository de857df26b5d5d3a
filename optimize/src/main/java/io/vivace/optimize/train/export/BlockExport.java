package io.vivace.optimize.train.export;

import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.util.Pair;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Value;
import io.vivace.optimize.graph.ValueType;
import io.vivace.optimize.train.Branches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes DJL blocks as ONNX files (operator set 17) that compute what the block does when it does
 * not train: {@code Linear}, {@code Conv1d}, {@code Conv2d}, {@code Conv3d}, {@code BatchNorm},
 * {@code LayerNorm}, {@code Embedding}, {@code LSTM}, {@code GRU}, the pools and activations of
 * DJL's factories, {@code SequentialBlock}, and {@link Branches}. Dropout is left out. The size of
 * the batch is open; other sizes are those that the block was initialized with.
 *
 * <p>DJL's activations and pools are lambdas, known by their names; a slope, a kernel or a stride
 * that is hidden in one is found by running it. A lambda of another name is refused.
 */
public final class BlockExport {
  private final Nodes nodes;
  private final Layers layers;
  private final Recurrence recurrence;
  private final Lambdas lambdas;

  private BlockExport(Nodes nodes) {
    this.nodes = nodes;
    this.layers = new Layers(nodes);
    this.recurrence = new Recurrence(nodes);
    this.lambdas = new Lambdas(nodes);
  }

  /**
   * Writes a block of one input and one output. They are named {@code input} and {@code output}.
   *
   * @param block an initialized block
   * @param target the file; it is replaced at once when all is written
   * @throws IllegalArgumentException if the block is not initialized or a part has no form in ONNX;
   *     the message names the part
   * @throws java.io.UncheckedIOException if the file cannot be written; it is as it was
   */
  public static void write(Block block, Path target) {
    if (!block.isInitialized()) {
      throw new IllegalArgumentException(
          "the block is not initialized: train it, or call initialize with the shape of its input");
    }
    Shape[] inputs = block.getInputShapes();
    if (inputs.length != 1) {
      throw new IllegalArgumentException(
          "a block of %d inputs cannot be exported, only of one".formatted(inputs.length));
    }
    try (ModelGraph model = EmptyModel.open();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Nodes nodes = new Nodes(model.graph());
      Part whole = new Part(block, "", EmptyModel.INPUT, inputs[0]);
      String result = new BlockExport(nodes).export(whole);
      nodes.finish(result, EmptyModel.OUTPUT);
      Shape output = block.getOutputShapes(inputs)[0];
      model.graph().putInput(value(EmptyModel.INPUT, inputs[0], type(block)));
      model.graph().putOutput(value(EmptyModel.OUTPUT, output, OnnxElementType.FLOAT));
      model.save(target);
    }
  }

  private static OnnxElementType type(Block block) {
    Block first = block;
    while (first instanceof SequentialBlock chain && !chain.getChildren().isEmpty()) {
      first = chain.getChildren().valueAt(0);
    }
    return first instanceof Embedding ? OnnxElementType.INT64 : OnnxElementType.FLOAT;
  }

  private static Value value(String name, Shape shape, OnnxElementType type) {
    io.vivace.core.model.Shape open =
        io.vivace.core.model.Shape.of(shape.slice(1).getShape())
            .prepend(io.vivace.core.model.Shape.ANY);
    return Value.of(name, ValueType.of(type, open));
  }

  private String export(Part part) {
    Block block = part.block();
    if (block instanceof SequentialBlock chain) {
      return chain(part, chain);
    } else if (block instanceof Branches branches) {
      return branches(part, branches);
    } else if (block instanceof LambdaBlock lambda) {
      return lambdas.export(part, lambda);
    } else if (block instanceof Dropout) {
      return part.input();
    } else if (block instanceof LSTM || block instanceof GRU) {
      return recurrence.layers(part, (RecurrentBlock) block);
    }
    return layer(part, block);
  }

  private String layer(Part part, Block block) {
    if (block instanceof Linear) {
      return layers.linear(part);
    } else if (block instanceof Conv1d || block instanceof Conv2d || block instanceof Conv3d) {
      return layers.convolution(part, (Convolution) block);
    } else if (block instanceof BatchNorm norm) {
      return layers.batchNorm(part, norm);
    } else if (block instanceof LayerNorm norm) {
      return layers.layerNorm(part, norm);
    } else if (block instanceof Embedding<?>) {
      return layers.embedding(part);
    }
    throw part.refusal("use blocks of the list in the documentation of BlockExport");
  }

  private String chain(Part part, SequentialBlock chain) {
    if (chain.isReturnIntermediate()) {
      throw part.refusal("it returns the values of all its parts");
    }
    String value = part.input();
    Shape shape = part.shape();
    for (Pair<String, Block> child : chain.getChildren()) {
      value = export(part.child(child.getValue(), child.getKey(), value, shape));
      shape = child.getValue().getOutputShapes(new Shape[] {shape})[0];
    }
    return value;
  }

  private String branches(Part part, Branches block) {
    List<String> values = new ArrayList<>();
    for (Pair<String, Block> child : block.getChildren()) {
      values.add(export(part.child(child.getValue(), child.getKey(), part.input(), part.shape())));
    }
    if (block.isConcatenated()) {
      return nodes.add("Concat", part.path(), values, Attribute.of("axis", (long) block.axis()));
    }
    String sum = values.get(0);
    for (String value : values.subList(1, values.size())) {
      sum = nodes.add("Add", part.path(), List.of(sum, value));
    }
    return sum;
  }
}

package io.vivace.optimize.train.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.RecurrentBlock;
import io.vivace.optimize.graph.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * LSTM and GRU. The engine keeps the gates of an LSTM as input, forget, cell, output, and those of
 * a GRU as reset, update, new; ONNX wants input, output, forget, cell, and update, reset, hidden.
 */
final class Recurrence {
  private static final int[] LSTM_ORDER = {0, 3, 1, 2};
  private static final int[] GRU_ORDER = {1, 0, 2};

  private final Nodes nodes;

  Recurrence(Nodes nodes) {
    this.nodes = nodes;
  }

  String layers(Part part, RecurrentBlock block) {
    if (Fields.flag(block, "returnState")) {
      throw part.refusal("it returns its state: leave returnState at false");
    }
    boolean batchFirst = Fields.flag(block, "batchFirst");
    int count = (int) Fields.number(block, "numLayers");
    String value = batchFirst ? turned(part, part.input()) : part.input();
    for (int layer = 0; layer < count; layer++) {
      value = layer(part, block, layer, value);
    }
    return batchFirst ? turned(part, value) : value;
  }

  private String turned(Part part, String value) {
    return nodes.add("Transpose", part.path(), List.of(value), Attribute.ofLongs("perm", 1, 0, 2));
  }

  private String layer(Part part, RecurrentBlock block, int layer, String input) {
    boolean gru = block instanceof GRU;
    int[] order = gru ? GRU_ORDER : LSTM_ORDER;
    boolean biased = Fields.flag(block, "hasBiases");
    boolean both = Fields.flag(block, "bidirectional");
    List<String> sides = both ? List.of("l", "r") : List.of("l");
    long units = (long) Fields.number(block, "stateSize");
    List<String> inputs = new ArrayList<>(List.of(input));
    inputs.add(joined(part, sides, layer, order, "i2h_WEIGHT"));
    inputs.add(joined(part, sides, layer, order, "h2h_WEIGHT"));
    if (biased) {
      inputs.add(biases(part, sides, layer, order));
    }
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.of("hidden_size", units));
    if (both) {
      attributes.add(Attribute.of("direction", "bidirectional"));
    }
    if (gru) {
      attributes.add(Attribute.of("linear_before_reset", 1L));
    }
    String name = gru ? "GRU" : "LSTM";
    String output = nodes.add(name, part.path(), inputs, attributes.toArray(Attribute[]::new));
    String turned =
        nodes.add("Transpose", part.path(), List.of(output), Attribute.ofLongs("perm", 0, 2, 1, 3));
    String shape = nodes.longs(part.path() + ".shape", 0, 0, units * sides.size());
    return nodes.add("Reshape", part.path(), List.of(turned, shape));
  }

  private String joined(Part part, List<String> sides, int layer, int[] order, String suffix) {
    List<float[]> blocks = new ArrayList<>();
    long[] shape = {0, 0};
    for (String side : sides) {
      NDArray array = array(part, side, layer, suffix);
      shape = array.getShape().getShape();
      blocks.add(reordered(values(array), order));
    }
    return nodes.floats(
        part.path() + '.' + layer + '_' + suffix,
        concatenated(blocks),
        sides.size(),
        shape[0],
        shape[1]);
  }

  private String biases(Part part, List<String> sides, int layer, int[] order) {
    List<float[]> blocks = new ArrayList<>();
    for (String side : sides) {
      blocks.add(reordered(values(array(part, side, layer, "i2h_BIAS")), order));
      blocks.add(reordered(values(array(part, side, layer, "h2h_BIAS")), order));
    }
    return nodes.floats(
        part.path() + '.' + layer + "_BIAS",
        concatenated(blocks),
        sides.size(),
        2L * blocks.get(0).length);
  }

  private static NDArray array(Part part, String side, int layer, String suffix) {
    Parameter found = part.block().getDirectParameters().get(side + '_' + layer + '_' + suffix);
    return found.getArray();
  }

  private static float[] values(NDArray array) {
    return array.toType(DataType.FLOAT32, false).toFloatArray();
  }

  private static float[] reordered(float[] values, int[] order) {
    int gate = values.length / order.length;
    float[] result = new float[values.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(values, order[i] * gate, result, i * gate, gate);
    }
    return result;
  }

  private static float[] concatenated(List<float[]> blocks) {
    int size = blocks.stream().mapToInt(block -> block.length).sum();
    float[] result = new float[size];
    int at = 0;
    for (float[] block : blocks) {
      System.arraycopy(block, 0, result, at, block.length);
      at += block.length;
    }
    return result;
  }
}

package io.vivace.optimize.train.export;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import io.vivace.optimize.graph.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Blocks that are one operator, or a few, with their own weights. */
final class Layers {
  private final Nodes nodes;

  Layers(Nodes nodes) {
    this.nodes = nodes;
  }

  private static NDArray parameter(Part part, String name) {
    Parameter found = part.block().getDirectParameters().get(name);
    return found.getArray();
  }

  private static boolean has(Part part, String name) {
    return part.block().getDirectParameters().contains(name);
  }

  private String weight(Part part, String name) {
    return nodes.weight(part.path() + '.' + name, parameter(part, name));
  }

  String linear(Part part) {
    NDArray weight = parameter(part, "weight");
    if (part.rank() == 2) {
      List<String> inputs = new ArrayList<>(List.of(part.input(), weight(part, "weight")));
      if (has(part, "bias")) {
        inputs.add(weight(part, "bias"));
      }
      return nodes.add("Gemm", part.path(), inputs, Attribute.of("transB", 1L));
    }
    NDArray turned = weight.stopGradient().transpose();
    String name = nodes.weight(part.path() + ".weight", turned);
    String product = nodes.add("MatMul", part.path(), List.of(part.input(), name));
    return has(part, "bias")
        ? nodes.add("Add", part.path(), List.of(product, weight(part, "bias")))
        : product;
  }

  String convolution(Part part, Convolution layer) {
    List<String> inputs = new ArrayList<>(List.of(part.input(), weight(part, "weight")));
    if (layer.isIncludeBias()) {
      inputs.add(weight(part, "bias"));
    }
    long[] padding = layer.getPadding().getShape();
    long[] both = Arrays.copyOf(padding, 2 * padding.length);
    System.arraycopy(padding, 0, both, padding.length, padding.length);
    return nodes.add(
        "Conv",
        part.path(),
        inputs,
        Attribute.ofLongs("kernel_shape", layer.getKernelShape().getShape()),
        Attribute.ofLongs("strides", layer.getStride().getShape()),
        Attribute.ofLongs("dilations", layer.getDilation().getShape()),
        Attribute.ofLongs("pads", both),
        Attribute.of("group", (long) layer.getGroups()));
  }

  String batchNorm(Part part, BatchNorm layer) {
    int axis = (int) Fields.number(layer, "axis");
    // The engine takes -1 as the axis of the channels, which is the second one.
    if (axis != 1 && axis != -1) {
      throw part.refusal("batch normalization over axis " + axis + ", not the second one");
    }
    List<String> inputs = new ArrayList<>(List.of(part.input()));
    for (String name : List.of("gamma", "beta", "runningMean", "runningVar")) {
      inputs.add(weight(part, name));
    }
    return nodes.add(
        "BatchNormalization",
        part.path(),
        inputs,
        Attribute.of("epsilon", Fields.number(layer, "epsilon")));
  }

  String layerNorm(Part part, LayerNorm layer) {
    NDArray gamma = parameter(part, "gamma");
    int rank = gamma.getShape().dimension();
    return nodes.add(
        "LayerNormalization",
        part.path(),
        List.of(part.input(), weight(part, "gamma"), weight(part, "beta")),
        Attribute.of("axis", (long) -rank),
        Attribute.of("epsilon", Fields.number(layer, "epsilon")));
  }

  String embedding(Part part) {
    return nodes.add("Gather", part.path(), List.of(weight(part, "embedding"), part.input()));
  }
}

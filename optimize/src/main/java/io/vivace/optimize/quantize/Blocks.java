package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;

/** The nodes and tensors of a product with a matrix in blocks. */
final class Blocks {
  static final String DOMAIN = "com.microsoft";

  private final Graph graph;
  private final Graph owner;
  private final String name;
  private final BlockMatrix matrix;
  private final BlockFormat format;

  /**
   * @param graph where the product is
   * @param owner where the weight is, which may be a graph around it
   */
  Blocks(Graph graph, Graph owner, String name, BlockMatrix matrix, BlockFormat format) {
    this.graph = graph;
    this.owner = owner;
    this.name = name;
    this.matrix = matrix;
    this.format = format;
  }

  /** One node of ONNX Runtime's operator set. */
  List<Node> custom(Node product, String input) {
    int bits = format.bits();
    int blockBytes = format.blockSize() * bits / Byte.SIZE;
    Shape shape = Shape.of(matrix.columns(), matrix.blocks(), blockBytes);
    String codes = put("_codes", OnnxElementType.UINT8, shape, matrix.packedColumns());
    String scales = name + "_scales";
    // One axis: the first release that checks shapes takes this one, too.
    owner.put(
        Weight.ofFloats(
            scales, Shape.of((long) matrix.columns() * matrix.blocks()), matrix.scales()));
    List<String> inputs = new ArrayList<>(List.of(input, codes, scales));
    if (!format.symmetric()) {
      byte[] zeros = matrix.packedZeros();
      inputs.add(put("_zeros", OnnxElementType.UINT8, Shape.of(zeros.length), zeros));
    }
    return List.of(
        Node.of(
                "MatMulNBits",
                product.name(),
                inputs,
                product.outputs(),
                Attribute.of("K", matrix.rows()),
                Attribute.of("N", matrix.columns()),
                Attribute.of("bits", bits),
                Attribute.of("block_size", format.blockSize()))
            .in(DOMAIN));
  }

  /** A node that makes floats of the blocks, and the product as it was. */
  List<Node> standard(Node product, String input) {
    Shape shape = Shape.of(matrix.rows(), matrix.columns());
    boolean signed = format.symmetric();
    OnnxElementType type =
        format.bits() == Byte.SIZE
            ? signed ? OnnxElementType.INT8 : OnnxElementType.UINT8
            : signed ? OnnxElementType.INT4 : OnnxElementType.UINT4;
    int shift = signed ? 1 << (format.bits() - 1) : 0;
    String codes = put("_codes", type, shape, matrix.packedRows(shift));
    Shape perBlock = Shape.of(matrix.blocks(), matrix.columns());
    String scales = name + "_scales";
    owner.put(Weight.ofFloats(scales, perBlock, matrix.scaleRows()));
    List<String> inputs = new ArrayList<>(List.of(codes, scales));
    if (!signed) {
      inputs.add(put("_zeros", type, perBlock, matrix.packedZeroRows()));
    }
    String floats = graph.freshName(name + "_floats");
    return List.of(
        Node.of(
            "DequantizeLinear",
            "",
            inputs,
            List.of(floats),
            Attribute.of("axis", 0),
            Attribute.of("block_size", format.blockSize())),
        Node.of("MatMul", product.name(), List.of(input, floats), product.outputs()));
  }

  /** Named after the weight, so that products that share it share this. */
  private String put(String suffix, OnnxElementType type, Shape shape, byte[] bytes) {
    owner.put(Weight.of(name + suffix, type, shape, OnnxContent.of(bytes)));
    return name + suffix;
  }
}

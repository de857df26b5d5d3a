package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks rows up in tables of 8 bits, with a scale per row, or of 4 bits, in blocks. */
final class TableLookup {
  private final Graph graph;
  private final WeightOnlyQuantization options;
  private final List<Node> nodes;
  private final Map<String, List<String>> blockTables = new HashMap<>();

  TableLookup(Graph graph, WeightOnlyQuantization options, List<Node> nodes) {
    this.graph = graph;
    this.options = options;
    this.nodes = nodes;
  }

  void rewrite(Node node, PassContext context) {
    Weight table = graph.weight(node.input(0)).orElseThrow();
    int size = options.tableFormat().blockSize();
    if (options.tableBits() == 4
        && !options.isStandard()
        && table.shape().dimension(1) % size == 0) {
      blocks(node, table);
    } else {
      rows(node, table, context);
    }
  }

  /** Plain operators: the row and its scale are looked up and multiplied. */
  private void rows(Node node, Weight table, PassContext context) {
    Columns.finite(table);
    QuantizedWeight.Order order =
        new QuantizedWeight.Order(table, IntegerRange.signed(true, false), true, 0, true);
    QuantizedWeight quantized = QuantizedWeight.of(List.of(order), context).get(0);
    Graph owner = graph.owner(node.input(0)).orElseThrow();
    owner.put(quantized.values());
    owner.put(quantized.scale());
    String row = node.input(1);
    String integers = graph.freshName(node.output() + "_integers");
    String scale = graph.freshName(node.output() + "_scale");
    String floats = graph.freshName(node.output() + "_floats");
    nodes.add(
        Node.of("Gather", node.name(), List.of(quantized.values().name(), row), List.of(integers)));
    nodes.add(Node.of("Gather", "", List.of(quantized.scale().name(), row), List.of(scale)));
    nodes.add(
        Node.of(
            "Cast",
            "",
            List.of(integers),
            List.of(floats),
            Attribute.of("to", OnnxElementType.FLOAT.number())));
    nodes.add(Node.of("Mul", "", List.of(floats, scale), node.outputs()));
  }

  private void blocks(Node node, Weight table) {
    List<String> parts = blockTables.computeIfAbsent(table.name(), name -> parts(table));
    nodes.add(
        Node.of(
                "GatherBlockQuantized",
                node.name(),
                List.of(parts.get(0), node.input(1), parts.get(1), parts.get(2)),
                node.outputs(),
                Attribute.of("gather_axis", 0),
                Attribute.of("quantize_axis", 1),
                Attribute.of("block_size", options.tableFormat().blockSize()))
            .in(Blocks.DOMAIN));
  }

  /** A row of the table is a column of the blocks: they follow it. */
  private List<String> parts(Weight table) {
    BlockFormat format = options.tableFormat();
    int rows = Math.toIntExact(table.shape().dimension(0));
    int width = Math.toIntExact(table.shape().dimension(1));
    BlockMatrix matrix =
        BlockMatrix.nearest(Columns.finite(table), width, rows, format, new float[0]);
    Graph owner = graph.owner(table.name()).orElseThrow();
    String name = table.name();
    Shape blocks = Shape.of(rows, matrix.blocks());
    OnnxElementType type = OnnxElementType.UINT4;
    owner.put(
        Weight.of(
            name + "_codes", type, Shape.of(rows, width), OnnxContent.of(matrix.packedColumns())));
    owner.put(Weight.ofFloats(name + "_scales", blocks, matrix.scales()));
    owner.put(Weight.of(name + "_zeros", type, blocks, OnnxContent.of(matrix.packedZeroColumns())));
    return List.of(name + "_codes", name + "_scales", name + "_zeros");
  }
}

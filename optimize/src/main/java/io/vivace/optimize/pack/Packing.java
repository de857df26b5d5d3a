package io.vivace.optimize.pack;

import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.ShortNames;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores sparse and shared weights small, as ordinary ONNX: any ONNX Runtime opens the file,
 * without Vivace, and its outputs are the same to the last bit. Immutable: each option returns a
 * changed copy.
 *
 * <pre>{@code
 * Compression.of(source)
 *     .prune(Pruning.magnitude().sparsity(0.9).tables())
 *     .share(WeightSharing.kMeans(256))
 *     .pack(Packing.standard())
 *     .saveTo(target);
 * }</pre>
 *
 * <p>Of a tensor with few different elements, a code is stored for each: 1, 2, 4, 8 or 16 bits. Of
 * one with many zeros, only the others are, with their distances or a bit mask. Whichever takes the
 * fewest bytes is taken, and none where that saves less than a tenth. Nodes of ONNX's own operators
 * decode them: engines do that once, when they load the model, so that it runs at the speed of the
 * plain one. Large tables are not decoded as a whole: the rows that are looked up are decoded while
 * the model runs, which makes loading faster than that of the plain file.
 *
 * <p>To be the last pass: others do not see packed weights. Floats, 8-bit and other integers are
 * packed, so that quantized models can be, too. The weights of graphs inside nodes stay as they
 * are. The model is converted to operator set 11 if it has an older one.
 */
public final class Packing implements GraphPass {
  private static final Packing STANDARD = new Packing(1 << 20);

  /** GatherElements, ScatterElements and CumSum came with it. */
  private static final long LOWEST_OPSET = 11;

  /** From it on initializers need not be inputs, which callers could replace. */
  private static final long IR_OF_CONSTANTS = 4;

  private static final int SMALLEST = 2_048;

  private final long tableBytes;

  private Packing(long tableBytes) {
    this.tableBytes = tableBytes;
  }

  /**
   * Returns the pass with the default of each option.
   *
   * @return the pass
   */
  public static Packing standard() {
    return STANDARD;
  }

  /**
   * Sets from which plain size on the rows of a table are decoded while the model runs, not the
   * whole table when it is loaded. Default: 1 MiB.
   *
   * @param bytes from 0; {@code Long.MAX_VALUE} decodes all tables when the model is loaded
   * @return a changed copy
   * @throws IllegalArgumentException if the number is negative
   */
  public Packing rowsFrom(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("the size of a table must be from 0, but was " + bytes);
    }
    return new Packing(bytes);
  }

  @Override
  public void apply(ModelGraph model, PassContext context) {
    OpsetConversion.atLeast(LOWEST_OPSET).apply(model, context);
    new ConstantLifting().apply(model, context);
    Graph graph = model.graph();
    if (model.irVersion() < IR_OF_CONSTANTS) {
      List.copyOf(graph.weights()).forEach(weight -> makeConstant(graph, weight));
      model.irVersion(IR_OF_CONSTANTS);
    }
    List<Weight> weights =
        graph.weights().stream().filter(weight -> isCandidate(graph, weight)).toList();
    Uses uses = Uses.of(graph);
    DecoderNodes nodes = new DecoderNodes(graph);
    Map<String, RowDecoder> rows = new HashMap<>();
    List<Node> first = new ArrayList<>();
    int packed = 0;
    for (List<Weight> some : batches(weights, context.threads())) {
      PackedTensor[] tensors = new PackedTensor[some.size()];
      context.forEach(tensors.length, i -> tensors[i] = PackedTensor.of(some.get(i)));
      for (PackedTensor tensor : tensors) {
        packed += pack(graph, uses, tensor, nodes, rows) ? 1 : 0;
        first.addAll(nodes.take());
      }
    }
    if (packed > 0) {
      graph.replaceNodes(all(graph, first, nodes, rows));
      new ShortNames().apply(model, context);
    }
  }

  /** So many at a time that few tensors are in memory. */
  private static List<List<Weight>> batches(List<Weight> weights, int size) {
    List<List<Weight>> batches = new ArrayList<>();
    for (int from = 0; from < weights.size(); from += size) {
      batches.add(weights.subList(from, Math.min(weights.size(), from + size)));
    }
    return batches;
  }

  private static void makeConstant(Graph graph, Weight weight) {
    if (graph.isInput(weight.name())) {
      graph.removeWeight(weight.name());
      graph.put(weight);
    }
  }

  private static boolean isCandidate(Graph graph, Weight weight) {
    return weight.bytes() >= SMALLEST
        && PackedTensor.takes(weight)
        && !graph.isInput(weight.name())
        && !graph.isOutput(weight.name());
  }

  private boolean pack(
      Graph graph,
      Uses uses,
      PackedTensor tensor,
      DecoderNodes nodes,
      Map<String, RowDecoder> rows) {
    String name = tensor.weight().name();
    boolean table = tensor.weight().bytes() >= tableBytes && isTable(graph, uses, tensor.weight());
    PackedTensor.Layout layout = table ? tensor.smallestOfRows() : tensor.smallest();
    if (layout == PackedTensor.Layout.PLAIN) {
      return false;
    }
    if (table) {
      RowDecoder decoder = new RowDecoder(nodes, tensor, layout);
      decoder.store();
      rows.put(name, decoder);
    } else {
      new FoldedDecoder(nodes, tensor).write(layout);
    }
    graph.removeWeight(name);
    return true;
  }

  /** Whether nothing but the look-up of rows by ids that are not known yet uses a tensor. */
  private static boolean isTable(Graph graph, Uses uses, Weight weight) {
    List<Node> users = uses.consumers(weight.name());
    return weight.shape().rank() == 2
        && !users.isEmpty()
        && users.stream()
            .allMatch(
                node ->
                    node.is("Gather")
                        && node.input(0).equals(weight.name())
                        && !node.input(1).equals(weight.name())
                        && node.integer("axis", 0) == 0
                        && graph.constant(node.input(1)).isEmpty());
  }

  private static List<Node> all(
      Graph graph, List<Node> first, DecoderNodes nodes, Map<String, RowDecoder> rows) {
    List<Node> all = new ArrayList<>(first);
    for (Node node : graph.nodes()) {
      RowDecoder decoder = node.is("Gather") ? rows.get(node.input(0)) : null;
      if (decoder == null) {
        all.add(node);
      } else {
        decoder.lookUp(node);
        all.addAll(nodes.take());
      }
    }
    return all;
  }

  @Override
  public String toString() {
    return "Packing[rowsFrom=" + tableBytes + "]";
  }
}

package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxDimension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How many multiplications with addition one run of a model takes, by the shapes: of convolutions
 * {@code outputs * kernel * inputs per group}, of matrix products {@code rows * inner * columns}.
 * Zeros count as other weights do; a fully connected layer of a batch counts once per row.
 *
 * <p>Counted are the operators that multiply by weights or values of many elements: Conv,
 * ConvTranspose, Gemm, MatMul, LSTM, GRU, RNN, and their integer and packed forms. Element-wise
 * operators and those inside branches and loops are left out.
 *
 * @param total the sum
 * @param nodes the number of each node that was counted, by name, or its first output's name where
 *     it has none; in the graph's order
 * @param uncounted nodes of those operators whose shapes are not known before the model runs
 */
public record Macs(long total, Map<String, Long> nodes, List<String> uncounted) {
  private static final long OPEN_SIZE = 8;

  /**
   * Copies map and list.
   *
   * @param total the sum
   * @param nodes the number of each node
   * @param uncounted nodes whose shapes are not known
   */
  public Macs {
    nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    uncounted = List.copyOf(uncounted);
  }

  /**
   * Counts for inputs of made-up sizes where the model leaves them open: 1 along the first axis, 8
   * along others.
   *
   * @param model the model
   * @return the count
   */
  public static Macs of(ModelGraph model) {
    return of(model, Map.of());
  }

  /**
   * Counts for inputs of given shapes.
   *
   * @param model the model
   * @param inputs full shapes by the names of inputs; open sizes of other inputs are 1 along the
   *     first axis and 8 along others
   * @return the count
   */
  public static Macs of(ModelGraph model, Map<String, Shape> inputs) {
    Map<String, Shape> shapes = new HashMap<>();
    for (Value input : model.graph().inputs()) {
      List<OnnxDimension> dimensions = input.type().dimensions();
      if (dimensions != null) {
        shapes.put(input.name(), closed(dimensions));
      }
    }
    shapes.putAll(inputs);
    TypeInference types = TypeInference.of(model, shapes);
    long total = 0;
    Map<String, Long> counted = new LinkedHashMap<>();
    List<String> uncounted = new ArrayList<>();
    for (Node node : model.graph().nodes()) {
      if (multiplies(node)) {
        String name = node.name().isEmpty() ? node.output() : node.name();
        OptionalLong macs = count(types, node);
        if (macs.isPresent()) {
          counted.merge(name, macs.getAsLong(), Long::sum);
          total += macs.getAsLong();
        } else {
          uncounted.add(name);
        }
      }
    }
    return new Macs(total, counted, uncounted);
  }

  private static Shape closed(List<OnnxDimension> dimensions) {
    long[] sizes = new long[dimensions.size()];
    for (int i = 0; i < sizes.length; i++) {
      long size = dimensions.get(i).size();
      sizes[i] = size >= 0 ? size : i == 0 ? 1 : OPEN_SIZE;
    }
    return Shape.of(sizes);
  }

  private static boolean multiplies(Node node) {
    return switch (node.operator()) {
      case "Conv", "ConvInteger", "QLinearConv", "ConvTranspose", "FusedConv" -> true;
      case "Gemm", "FusedGemm", "FusedMatMul" -> true;
      case "MatMul", "MatMulInteger", "QLinearMatMul", "DynamicQuantizeMatMul" -> true;
      case "MatMulNBits", "MatMulIntegerToFloat" -> true;
      case "LSTM", "GRU", "RNN" -> true;
      default -> false;
    };
  }

  private static OptionalLong count(TypeInference types, Node node) {
    return switch (node.operator()) {
      case "Conv", "ConvInteger", "FusedConv" -> convolution(types, node, node.input(1));
      case "QLinearConv" -> convolution(types, node, node.input(3));
      case "ConvTranspose" -> transposed(types, node);
      case "Gemm", "FusedGemm" -> {
        ValueType left = types.type(node.input(0));
        long inner = left.size(node.integer("transA", 0) == 0 ? 1 : 0);
        yield product(elements(types.type(node.output())), inner);
      }
      case "QLinearMatMul" -> matrices(types.type(node.input(0)), types.type(node.input(3)));
      case "MatMulNBits" -> {
        yield product(elements(types.type(node.input(0))), node.integer("N", -1));
      }
      case "LSTM", "GRU", "RNN" -> recurrent(types, node);
      default -> matrices(types.type(node.input(0)), types.type(node.input(1)));
    };
  }

  private static OptionalLong convolution(TypeInference types, Node node, String weight) {
    ValueType kernel = types.type(weight);
    if (kernel.rank() < 2) {
      return OptionalLong.empty();
    }
    long each = elements(kernel) / Math.max(1, kernel.size(0));
    return product(elements(types.type(node.output())), kernel.size(0) < 0 ? -1 : each);
  }

  private static OptionalLong transposed(TypeInference types, Node node) {
    ValueType kernel = types.type(node.input(1));
    if (kernel.rank() < 2) {
      return OptionalLong.empty();
    }
    long each = elements(kernel) / Math.max(1, kernel.size(0));
    return product(elements(types.type(node.input(0))), kernel.size(0) < 0 ? -1 : each);
  }

  private static OptionalLong matrices(ValueType left, ValueType right) {
    List<OnnxDimension> a = left.dimensions();
    List<OnnxDimension> b = right.dimensions();
    if (a == null || b == null || a.isEmpty() || b.isEmpty()) {
      return OptionalLong.empty();
    }
    long rows = a.size() == 1 ? 1 : left.size(-2);
    long columns = b.size() == 1 ? 1 : right.size(-1);
    ValueType outer =
        OperatorTypes.broadcast(
            new ValueType(left.element(), a.subList(0, Math.max(0, a.size() - 2))),
            new ValueType(left.element(), b.subList(0, Math.max(0, b.size() - 2))));
    return product(elements(outer), rows, left.size(-1), columns);
  }

  /** Each step of each sequence takes all weights of each direction once. */
  private static OptionalLong recurrent(TypeInference types, Node node) {
    ValueType data = types.type(node.input(0));
    long weights = elements(types.type(node.input(1)));
    long recurrence = elements(types.type(node.input(2)));
    boolean known = weights >= 0 && recurrence >= 0;
    return product(data.size(0), data.size(1), known ? weights + recurrence : -1);
  }

  private static long elements(ValueType type) {
    List<OnnxDimension> dimensions = type.dimensions();
    if (dimensions == null || dimensions.stream().anyMatch(size -> size.size() < 0)) {
      return -1;
    }
    return dimensions.stream().mapToLong(OnnxDimension::size).reduce(1, Math::multiplyExact);
  }

  private static OptionalLong product(long... factors) {
    return Arrays.stream(factors).anyMatch(factor -> factor < 0)
        ? OptionalLong.empty()
        : OptionalLong.of(Arrays.stream(factors).reduce(1, Math::multiplyExact));
  }
}

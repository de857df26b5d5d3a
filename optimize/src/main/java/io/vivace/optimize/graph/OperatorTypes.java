package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** The types of a node's outputs, by the rules of its operator. */
final class OperatorTypes {
  /** The first output is as the first input; others are not known. */
  private static final Set<String> SAME =
      Set.of(
          "Relu",
          "LeakyRelu",
          "Sigmoid",
          "Tanh",
          "Erf",
          "Sqrt",
          "Exp",
          "Log",
          "Abs",
          "Neg",
          "Clip",
          "HardSigmoid",
          "HardSwish",
          "Elu",
          "Selu",
          "Celu",
          "Softplus",
          "Softsign",
          "Gelu",
          "Mish",
          "Floor",
          "Ceil",
          "Round",
          "Sign",
          "Reciprocal",
          "Identity",
          "Softmax",
          "LogSoftmax",
          "Hardmax",
          "Dropout",
          "BatchNormalization",
          "InstanceNormalization",
          "LayerNormalization",
          "GroupNormalization",
          "RMSNormalization",
          "LRN",
          "LpNormalization",
          "ThresholdedRelu",
          "MeanVarianceNormalization",
          "CumSum",
          "PRelu",
          "Trilu",
          "Not",
          "Sin",
          "Cos",
          "Tan",
          "Asin",
          "Acos",
          "Atan",
          "Sinh",
          "Cosh",
          "ScatterElements",
          "ScatterND",
          "Scatter",
          "Swish",
          "BitwiseNot",
          "RotaryEmbedding",
          "ReverseSequence");

  private static final Set<String> BROADCAST =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Min",
          "Max",
          "Mean",
          "Sum",
          "Mod",
          "BitShift",
          "BitwiseAnd",
          "BitwiseOr",
          "BitwiseXor");

  private static final Set<String> COMPARE =
      Set.of("Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Xor");

  private static final Set<String> MICROSOFT_SAME =
      Set.of("Gelu", "FastGelu", "BiasGelu", "QuickGelu", "SkipLayerNormalization");

  private final TypeInference inference;
  private final Node node;

  OperatorTypes(TypeInference inference, Node node) {
    this.inference = inference;
    this.node = node;
  }

  List<ValueType> results() {
    if (node.domain().equals("com.microsoft") && MICROSOFT_SAME.contains(node.operator())) {
      return List.of(input(0));
    }
    if (!node.domain().isEmpty()) {
      return List.of();
    }
    String operator = node.operator();
    if (SAME.contains(operator)) {
      return List.of(input(0));
    }
    if (BROADCAST.contains(operator)) {
      return List.of(broadcast(0).as(input(0).element()));
    }
    if (COMPARE.contains(operator)) {
      return List.of(broadcast(0).as(OnnxElementType.BOOL));
    }
    if (operator.startsWith("Reduce")) {
      return List.of(new ReductionTypes(inference, node).reduced());
    }
    return special(operator);
  }

  private List<ValueType> special(String operator) {
    ShapeTypes shapes = new ShapeTypes(inference, node);
    WindowTypes windows = new WindowTypes(inference, node);
    ProductTypes products = new ProductTypes(inference, node);
    return switch (operator) {
      case "Where" -> List.of(broadcast(0).as(input(1).element()));
      case "IsNaN", "IsInf" -> List.of(input(0).as(OnnxElementType.BOOL));
      case "Cast" -> List.of(input(0).as(element(node.integer("to", 0))));
      case "CastLike" -> List.of(input(0).as(input(1).element()));
      case "MatMul" -> List.of(products.matMul(input(0).element()));
      case "MatMulInteger" -> List.of(products.matMul(OnnxElementType.INT32));
      case "Gemm" -> List.of(products.gemm());
      case "Conv" -> List.of(windows.convolution(input(0).element()));
      case "ConvInteger" -> List.of(windows.convolution(OnnxElementType.INT32));
      case "ConvTranspose" -> List.of(windows.transposed());
      case "MaxPool" -> List.of(windows.pool(), windows.pool().as(OnnxElementType.INT64));
      case "AveragePool", "LpPool" -> List.of(windows.pool());
      case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> List.of(windows.global());
      case "ArgMax", "ArgMin" -> List.of(new ReductionTypes(inference, node).index());
      case "TopK" -> new ReductionTypes(inference, node).largest();
      case "LSTM", "GRU", "RNN" -> new RecurrentTypes(inference, node).results();
      case "QuantizeLinear" -> List.of(input(0).as(quantized()));
      case "DequantizeLinear" -> List.of(input(0).as(input(1).element()));
      case "DynamicQuantizeLinear" ->
          List.of(
              input(0).as(OnnxElementType.UINT8),
              new ValueType(OnnxElementType.FLOAT, List.of()),
              new ValueType(OnnxElementType.UINT8, List.of()));
      case "If" -> branches();
      default -> shapes.results(operator);
    };
  }

  private ValueType input(int index) {
    return inference.type(node.input(index));
  }

  private OnnxElementType quantized() {
    OnnxElementType stated = element(node.integer("output_dtype", 0));
    if (!node.input(2).isEmpty()) {
      return input(2).element();
    }
    return stated == OnnxElementType.UNDEFINED ? OnnxElementType.UINT8 : stated;
  }

  static OnnxElementType element(long number) {
    return OnnxElementType.of((int) number).orElse(OnnxElementType.UNDEFINED);
  }

  /** The shape of all inputs from one on, made to fit each other. */
  private ValueType broadcast(int from) {
    ValueType result = input(from);
    for (int i = from + 1; i < node.inputs().size(); i++) {
      result = broadcast(result, input(i));
    }
    return result;
  }

  static ValueType broadcast(ValueType a, ValueType b) {
    List<OnnxDimension> left = a.dimensions();
    List<OnnxDimension> right = b.dimensions();
    if (left == null || right == null) {
      return new ValueType(a.element(), null);
    }
    int rank = Math.max(left.size(), right.size());
    List<OnnxDimension> result = new ArrayList<>(Collections.nCopies(rank, OnnxDimension.UNKNOWN));
    for (int i = 1; i <= rank; i++) {
      OnnxDimension x = fromEnd(left, i);
      OnnxDimension y = fromEnd(right, i);
      result.set(rank - i, broadcast(x, y));
    }
    return new ValueType(a.element(), result);
  }

  private static OnnxDimension fromEnd(List<OnnxDimension> dimensions, int i) {
    return i <= dimensions.size()
        ? dimensions.get(dimensions.size() - i)
        : new OnnxDimension(1, "");
  }

  private static OnnxDimension broadcast(OnnxDimension x, OnnxDimension y) {
    if (x.equals(y) || y.size() == 1) {
      return x;
    }
    if (x.size() == 1 || y.size() > 1) {
      return y;
    }
    return x.size() > 1 ? x : OnnxDimension.UNKNOWN;
  }

  /** An output of {@code If} is known as far as both branches agree. */
  private List<ValueType> branches() {
    List<Graph> graphs = node.graphs();
    List<ValueType> results = new ArrayList<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      ValueType merged = null;
      for (Graph graph : graphs) {
        List<Value> outputs = List.copyOf(graph.outputs());
        ValueType type =
            i < outputs.size()
                ? inference.body(graph).orElseThrow().type(outputs.get(i).name())
                : ValueType.UNKNOWN;
        merged = merged == null ? type : agreed(merged, type);
      }
      results.add(merged == null ? ValueType.UNKNOWN : merged);
    }
    return results;
  }

  private static ValueType agreed(ValueType a, ValueType b) {
    OnnxElementType element = a.element() == b.element() ? a.element() : OnnxElementType.UNDEFINED;
    List<OnnxDimension> left = a.dimensions();
    List<OnnxDimension> right = b.dimensions();
    if (left == null || right == null || left.size() != right.size()) {
      return new ValueType(element, null);
    }
    List<OnnxDimension> result = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      result.add(left.get(i).equals(right.get(i)) ? left.get(i) : OnnxDimension.UNKNOWN);
    }
    return new ValueType(element, result);
  }
}

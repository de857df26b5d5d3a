package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * Changes of type. The network computes in one floating-point type, so that a cast between such
 * types changes nothing, and lets gradients through.
 */
final class Casting {
  private Casting() {}

  static void register(Map<String, Operator> operators) {
    operators.put(
        "Cast",
        Operator.general(
            call -> List.of(cast(call, type(call.node()))),
            node -> type(node) == OnnxElementType.STRING ? "it makes text of numbers" : ""));
    operators.put("CastLike", Operator.general(Casting::castLike));
    operators.put("Dropout", Operator.general(Casting::dropout));
  }

  private static OnnxElementType type(Node node) {
    return OnnxElementType.of((int) node.integer("to", 1)).orElse(OnnxElementType.UNDEFINED);
  }

  private static boolean isReal(OnnxElementType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
      default -> false;
    };
  }

  private static Operand cast(Call call, OnnxElementType type) {
    Operand value = call.operand(0);
    if (isReal(type)) {
      return value.isReal() ? value : Operand.of(call.realIn(0));
    }
    return type == OnnxElementType.BOOL ? logical(call, value) : integral(call, value);
  }

  private static Operand logical(Call call, Operand value) {
    return value.isLogical() ? value : Operand.of(call.in(0).neq(0));
  }

  private static Operand integral(Call call, Operand value) {
    if (value.isHost()) {
      Integers host = value.integers();
      return Operand.of(Integers.of(host.values(), host.shape()));
    }
    NDArray array = call.in(0);
    return array.getDataType() == DataType.INT64
        ? value
        : Operand.of(array.toType(DataType.INT64, true));
  }

  private static List<Operand> castLike(Call call) {
    Operand like = call.operand(1);
    if (like.isReal()) {
      return List.of(cast(call, OnnxElementType.FLOAT));
    }
    return List.of(cast(call, like.isLogical() ? OnnxElementType.BOOL : OnnxElementType.INT64));
  }

  private static List<Operand> dropout(Call call) {
    double rate = call.has(1) ? call.doubles(1)[0] : call.number("ratio", 0.5f);
    boolean drops = call.training() && rate > 0;
    boolean wantsMask = call.node().outputs().size() > 1;
    NDArray x = call.in(0);
    if (!wantsMask) {
      return List.of(drops ? Operand.of(dropped(x, rate)) : call.operand(0));
    }
    NDArray kept = drops ? dropped(x.onesLike(), rate) : x.onesLike();
    return List.of(Operand.of(x.mul(kept)), Operand.of(kept.neq(0)));
  }

  private static NDArray dropped(NDArray x, double rate) {
    return x.getNDArrayInternal().dropout(x, (float) rate, true).singletonOrThrow();
  }
}

package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.Map;

/** Operators that change each element on its own. */
final class Activations {
  private Activations() {}

  static void register(Map<String, Operator> operators) {
    operators.put("Relu", Operator.of(call -> Activation.relu(call.in(0))));
    operators.put("LeakyRelu", Operator.of(Activations::leakyRelu));
    operators.put("PRelu", Operator.of(Activations::prelu));
    operators.put("Sigmoid", Operator.of(call -> Activation.sigmoid(call.in(0))));
    operators.put("HardSigmoid", Operator.of(Activations::hardSigmoid));
    operators.put("HardSwish", Operator.of(Activations::hardSwish));
    operators.put("Tanh", Operator.of(call -> call.in(0).tanh()));
    operators.put("Gelu", Operator.of(Activations::gelu));
    operators.put("Elu", Operator.of(Activations::elu));
    operators.put("Selu", Operator.of(Activations::selu));
    operators.put("Celu", Operator.of(Activations::celu));
    operators.put("ThresholdedRelu", Operator.of(Activations::thresholdedRelu));
    operators.put("Softplus", Operator.of(call -> softplus(call.in(0))));
    operators.put(
        "Softsign", Operator.of(call -> call.in(0).div(call.in(0).abs().add(call.scalar(1)))));
    operators.put("Mish", Operator.of(call -> call.in(0).mul(softplus(call.in(0)).tanh())));
    operators.put("Swish", Operator.of(Activations::swish));
    operators.put("Softmax", Operator.of(call -> softmax(call, false)));
    operators.put("LogSoftmax", Operator.of(call -> softmax(call, true)));
    operators.put("Clip", Operator.of(Activations::clip));
  }

  private static NDArray softplus(NDArray x) {
    return x.getNDArrayInternal().softPlus();
  }

  private static NDArray leakyRelu(Call call) {
    return call.in(0).getNDArrayInternal().leakyRelu(call.number("alpha", 0.01f));
  }

  private static NDArray prelu(Call call) {
    NDArray x = call.in(0);
    return Activation.relu(x).sub(Activation.relu(x.neg()).mul(call.in(1)));
  }

  private static NDArray hardSigmoid(Call call) {
    NDArray alpha = call.scalar(call.number("alpha", 0.2f));
    NDArray beta = call.scalar(call.number("beta", 0.5f));
    return call.in(0).mul(alpha).add(beta).clip(0, 1);
  }

  private static NDArray hardSwish(Call call) {
    NDArray x = call.in(0);
    return x.mul(x.mul(call.scalar(1.0 / 6)).add(call.scalar(0.5)).clip(0, 1));
  }

  private static NDArray gelu(Call call) {
    NDArray x = call.in(0);
    if (!call.text("approximate", "none").equals("tanh")) {
      return x.getNDArrayInternal().gelu();
    }
    NDArray inner = x.add(x.mul(x).mul(x).mul(call.scalar(0.044715)));
    NDArray gate = inner.mul(call.scalar(Math.sqrt(2 / Math.PI))).tanh().add(call.scalar(1));
    return x.mul(call.scalar(0.5)).mul(gate);
  }

  private static NDArray elu(Call call) {
    return negativeExponential(call, call.number("alpha", 1), 1, 1);
  }

  private static NDArray selu(Call call) {
    float alpha = call.number("alpha", 1.6732632f);
    return negativeExponential(call, alpha, 1, call.number("gamma", 1.050701f));
  }

  private static NDArray celu(Call call) {
    float alpha = call.number("alpha", 1);
    return negativeExponential(call, alpha, alpha, 1);
  }

  /** {@code gamma * (max(x, 0) + alpha * (exp(min(x, 0) / divisor) - 1))}. */
  private static NDArray negativeExponential(
      Call call, double alpha, double divisor, double gamma) {
    NDArray x = call.in(0);
    NDArray below = Activation.relu(x.neg()).mul(call.scalar(-1 / divisor)).exp();
    NDArray sum = Activation.relu(x).add(below.sub(call.scalar(1)).mul(call.scalar(alpha)));
    return gamma == 1 ? sum : sum.mul(call.scalar(gamma));
  }

  private static NDArray thresholdedRelu(Call call) {
    NDArray x = call.in(0);
    NDArray above = x.gt(call.scalar(call.number("alpha", 1)));
    return x.mul(above.toType(call.real(), true));
  }

  private static NDArray swish(Call call) {
    NDArray x = call.in(0);
    return x.mul(Activation.sigmoid(x.mul(call.scalar(call.number("alpha", 1)))));
  }

  /** Before version 13 the axes from the stated one on were taken as one. */
  private static NDArray softmax(Call call, boolean logarithm) {
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    if (call.opset() >= 13) {
      int axis = call.axis("axis", -1, rank);
      return logarithm ? x.logSoftmax(axis) : x.softmax(axis);
    }
    int axis = call.axis("axis", 1, rank);
    NDArray flat = x.reshape(Layout.size(x, 0, axis), -1);
    return (logarithm ? flat.logSoftmax(1) : flat.softmax(1)).reshape(x.getShape());
  }

  private static NDArray clip(Call call) {
    double low = bound(call, 1, "min", Double.NEGATIVE_INFINITY);
    double high = bound(call, 2, "max", Double.POSITIVE_INFINITY);
    NDArray x = call.in(0);
    if (low > high) {
      // As ONNX has it: the upper bound wins.
      return x.mul(call.scalar(0)).add(call.scalar(high));
    }
    if (!x.getDataType().isFloating()) {
      return x.clip((long) low, (long) high);
    }
    return x.clip(low, high);
  }

  private static double bound(Call call, int input, String attribute, double fallback) {
    if (call.has(input)) {
      return call.doubles(input)[0];
    }
    return call.node().attribute(attribute).map(each -> (double) each.number()).orElse(fallback);
  }
}

package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Products of matrices. */
final class Products {
  private Products() {}

  static void register(Map<String, Operator> operators) {
    operators.put("MatMul", Operator.of(call -> call.in(0).matMul(call.in(1))));
    operators.put("Gemm", Operator.of(Products::gemm));
  }

  private static NDArray gemm(Call call) {
    float alpha = call.number("alpha", 1);
    float beta = call.number("beta", 1);
    boolean turned = call.integer("transB", 0) != 0;
    NDArray a = call.integer("transA", 0) == 0 ? call.in(0) : call.in(0).transpose();
    NDArray b = call.in(1);
    boolean hasBias = call.has(2) && beta != 0;
    if (alpha == 1 && beta == 1 && (!hasBias || isVector(call.in(2), b, turned))) {
      return linear(a, turned ? b : b.transpose(), hasBias ? call.in(2) : null);
    }
    NDArray product = a.matMul(turned ? b.transpose() : b);
    if (alpha != 1) {
      product = product.mul(call.scalar(alpha));
    }
    if (!hasBias) {
      return product;
    }
    NDArray bias = beta == 1 ? call.in(2) : call.in(2).mul(call.scalar(beta));
    return product.add(bias);
  }

  private static boolean isVector(NDArray bias, NDArray weight, boolean turned) {
    return bias.getShape().dimension() == 1
        && bias.getShape().get(0) == weight.getShape().get(turned ? 0 : 1);
  }

  private static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
    return Linear.linear(x, weight, bias).singletonOrThrow();
  }
}

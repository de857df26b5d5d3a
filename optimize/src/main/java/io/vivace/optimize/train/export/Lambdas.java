package io.vivace.optimize.train.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions that DJL's own factories made, known by name. What a name promises is checked on a few
 * numbers, which also tell the slope that some of them hide.
 */
final class Lambdas {
  private static final float[] SAMPLES = {-3, -1, -0.25f, 0, 0.5f, 1, 2, 7};
  private static final double TOLERANCE = 1e-4;

  private final Nodes nodes;
  private final Pools pools;

  Lambdas(Nodes nodes) {
    this.nodes = nodes;
    this.pools = new Pools(nodes);
  }

  String export(Part part, LambdaBlock block) {
    String name = block.getName();
    if (name.contains("Pool")) {
      return pools.export(part, block);
    }
    return switch (name) {
      case "identity" -> part.input();
      case "batchFlatten" -> flattened(part);
      case "ReLU" -> checked(part, block, x -> Math.max(0, x), "Relu");
      case "ReLU6" -> clipped(part, block);
      case "sigmoid" -> checked(part, block, Lambdas::sigmoid, "Sigmoid");
      case "Tanh" -> checked(part, block, Math::tanh, "Tanh");
      case "softPlus" -> checked(part, block, x -> Math.log1p(Math.exp(x)), "Softplus");
      case "softSign" -> checked(part, block, x -> x / (1 + Math.abs(x)), "Softsign");
      case "LeakyReLU" -> leaky(part, block);
      case "ELU" -> elu(part, block);
      case "SELU" -> checked(part, block, Lambdas::selu, "Selu");
      case "GELU" -> gelu(part, block);
      case "Swish" -> swish(part, block);
      case "Mish" -> mish(part, block);
      default ->
          throw part.refusal(
              "a lambda named \"%s\": give LambdaBlock a name that DJL's factories use, or use a block"
                  .formatted(name));
    };
  }

  private static double[] values(LambdaBlock block, float... samples) {
    try (NDManager manager = TrainingEngine.newManager();
        NDArray input = manager.create(samples, new Shape(1, samples.length))) {
      NDArray output =
          block.forward(new ParameterStore(manager, false), new NDList(input), false).head();
      float[] floats = output.toFloatArray();
      double[] result = new double[floats.length];
      for (int i = 0; i < result.length; i++) {
        result[i] = floats[i];
      }
      return result;
    }
  }

  private static void check(Part part, LambdaBlock block, DoubleUnaryOperator promised) {
    double[] found = values(block, SAMPLES);
    boolean same = found.length == SAMPLES.length;
    for (int i = 0; same && i < found.length; i++) {
      double wanted = promised.applyAsDouble(SAMPLES[i]);
      same = Math.abs(found[i] - wanted) <= TOLERANCE * Math.max(1, Math.abs(wanted));
    }
    if (!same) {
      throw part.refusal(
          "the lambda is named \"%s\" but computes something else".formatted(block.getName()));
    }
  }

  private String checked(
      Part part, LambdaBlock block, DoubleUnaryOperator promised, String operator) {
    check(part, block, promised);
    return nodes.add(operator, part.path(), List.of(part.input()));
  }

  private String flattened(Part part) {
    return nodes.add("Flatten", part.path(), List.of(part.input()), Attribute.of("axis", 1L));
  }

  private String clipped(Part part, LambdaBlock block) {
    check(part, block, x -> Math.min(6, Math.max(0, x)));
    String low = nodes.floats(part.path() + ".low", new float[] {0});
    String high = nodes.floats(part.path() + ".high", new float[] {6});
    return nodes.add("Clip", part.path(), List.of(part.input(), low, high));
  }

  private String leaky(Part part, LambdaBlock block) {
    float slope = (float) -values(block, -1)[0];
    check(part, block, x -> x > 0 ? x : slope * x);
    return nodes.add("LeakyRelu", part.path(), List.of(part.input()), Attribute.of("alpha", slope));
  }

  private String elu(Part part, LambdaBlock block) {
    float slope = (float) -values(block, -50)[0];
    check(part, block, x -> x > 0 ? x : slope * Math.expm1(x));
    return nodes.add("Elu", part.path(), List.of(part.input()), Attribute.of("alpha", slope));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double selu(double x) {
    return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
  }

  private String gelu(Part part, LambdaBlock block) {
    // The error function is not in Java: only its ends and its middle are checked.
    double[] found = values(block, -10, 0, 1, 10);
    if (Math.abs(found[0]) > TOLERANCE
        || found[1] != 0
        || Math.abs(found[2] - 0.8413447) > TOLERANCE
        || Math.abs(found[3] - 10) > TOLERANCE) {
      throw part.refusal("the lambda is named \"GELU\" but is not x times the normal distribution");
    }
    String scaled = times(part, part.input(), (float) (1 / Math.sqrt(2)));
    String error = nodes.add("Erf", part.path(), List.of(scaled));
    String one = nodes.floats(part.path() + ".one", new float[] {1});
    String sum = nodes.add("Add", part.path(), List.of(error, one));
    String half = times(part, part.input(), 0.5f);
    return nodes.add("Mul", part.path(), List.of(half, sum));
  }

  private String times(Part part, String value, float factor) {
    String constant = nodes.floats(part.path() + ".factor", new float[] {factor});
    return nodes.add("Mul", part.path(), List.of(value, constant));
  }

  private String swish(Part part, LambdaBlock block) {
    double at = values(block, 1)[0];
    float slope = (float) Math.log(at / (1 - at));
    float beta = Math.abs(slope - 1) < TOLERANCE ? 1 : slope;
    check(part, block, x -> x * sigmoid(beta * x));
    String inner = beta == 1 ? part.input() : times(part, part.input(), beta);
    String gate = nodes.add("Sigmoid", part.path(), List.of(inner));
    return nodes.add("Mul", part.path(), List.of(part.input(), gate));
  }

  /** DJL takes the logarithm to base 2 where Mish has the natural one: written as it is trained. */
  private String mish(Part part, LambdaBlock block) {
    check(part, block, x -> x * Math.tanh(Math.log1p(Math.exp(x)) / Math.log(2)));
    String soft = nodes.add("Softplus", part.path(), List.of(part.input()));
    String binary = times(part, soft, (float) (1 / Math.log(2)));
    String gate = nodes.add("Tanh", part.path(), List.of(binary));
    return nodes.add("Mul", part.path(), List.of(part.input(), gate));
  }
}

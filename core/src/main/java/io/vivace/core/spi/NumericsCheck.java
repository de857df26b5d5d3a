package io.vivace.core.spi;

import io.vivace.core.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Small calculations whose results are computed in Java, to find out whether a native library
 * computes right on this machine.
 *
 * <p>They are what went wrong in the field: convolutions whose channels are no multiple of the
 * processor's vector length, and recurrent layers. All of them together take an engine a few
 * milliseconds.
 */
public final class NumericsCheck {
  /** Engines sum in another order, in single precision; what is wrong is off by far more. */
  private static final double TOLERANCE = 1e-3;

  private NumericsCheck() {}

  /** What is calculated. */
  public enum Operation {
    /**
     * A convolution of input {@code [n, c, h, w]} with weights {@code [o, c, k, k]}: stride 1,
     * padding {@code k / 2}, no bias.
     */
    CONVOLUTION,
    /** The product of two matrices. */
    PRODUCT,
    /** The softmax of each row of a matrix. */
    SOFTMAX,
    /**
     * One forward layer of long short-term memory over {@code [n, steps, inputs]}, from zero state;
     * weights {@code [4, hidden, inputs]} and {@code [4, hidden, hidden]} and bias {@code [4,
     * hidden]}, in the order input, forget, cell, output. The result holds the hidden state of each
     * step, {@code [n, steps, hidden]}.
     */
    LSTM
  }

  /**
   * One calculation.
   *
   * @param name what it is, for messages
   * @param operation the operation
   * @param inputs its inputs, as the operation says
   * @param expected its result
   */
  public record Case(String name, Operation operation, List<Tensor> inputs, Tensor expected) {
    /**
     * Copies the list.
     *
     * @param name what it is, for messages
     * @param operation the operation
     * @param inputs its inputs, as the operation says
     * @param expected its result
     */
    public Case {
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * Returns the calculations: always the same ones, in the same order.
   *
   * @return new tensors
   */
  public static List<Case> cases() {
    SplittableRandom random = new SplittableRandom(7);
    return List.of(
        convolution(random, 17, 3),
        convolution(random, 20, 3),
        convolution(random, 24, 5),
        convolution(random, 40, 5),
        product(random, 1, 64, 10),
        product(random, 7, 33, 20),
        softmax(random),
        lstm(random));
  }

  /**
   * Lets an engine calculate cases, until one is wrong.
   *
   * @param cases what to calculate
   * @param engine calculates the result of a case, a tensor of the expected type and shape
   * @return which case is wrong and by how much; empty if all are right
   */
  public static Optional<String> firstFault(List<Case> cases, Function<Case, Tensor> engine) {
    return cases.stream().flatMap(each -> fault(each, engine.apply(each)).stream()).findFirst();
  }

  private static Optional<String> fault(Case calculation, Tensor found) {
    Tensor expected = calculation.expected();
    if (!found.shape().equals(expected.shape())) {
      return Optional.of(
          calculation.name() + " has shape " + found.shape() + ", not " + expected.shape());
    }
    FloatBuffer is = found.data().asFloatBuffer();
    FloatBuffer must = expected.data().asFloatBuffer();
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      double difference = Math.abs((double) is.get(i) - must.get(i));
      // Not the other way round: a NaN is a fault too.
      worst = difference <= worst ? worst : difference;
    }
    return worst <= TOLERANCE
        ? Optional.empty()
        : Optional.of(String.format(Locale.ROOT, "%s is off by %.3g", calculation.name(), worst));
  }

  private static Case convolution(SplittableRandom random, int channels, int kernel) {
    Tensor input = numbers(random, 2, channels, 3, 3);
    Tensor weights = numbers(random, 2, channels, kernel, kernel);
    return new Case(
        String.format("a %1$dx%1$d convolution of %2$d channels", kernel, channels),
        Operation.CONVOLUTION,
        List.of(input, weights),
        ReferenceMath.convolution(input, weights));
  }

  private static Case product(SplittableRandom random, int rows, int inner, int columns) {
    Tensor left = numbers(random, rows, inner);
    Tensor right = numbers(random, inner, columns);
    return new Case(
        String.format("a product of %dx%d and %dx%d matrices", rows, inner, inner, columns),
        Operation.PRODUCT,
        List.of(left, right),
        ReferenceMath.product(left, right));
  }

  private static Case softmax(SplittableRandom random) {
    Tensor input = numbers(random, 3, 37);
    return new Case(
        "a softmax of 37 values", Operation.SOFTMAX, List.of(input), ReferenceMath.softmax(input));
  }

  private static Case lstm(SplittableRandom random) {
    int inputs = 20;
    int hidden = 16;
    List<Tensor> tensors =
        List.of(
            numbers(random, 2, 2, inputs),
            numbers(random, 4, hidden, inputs),
            numbers(random, 4, hidden, hidden),
            numbers(random, 4, hidden));
    return new Case(
        "an LSTM of 16 cells", Operation.LSTM, tensors, new ReferenceLstm(tensors).run());
  }

  private static Tensor numbers(SplittableRandom random, long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return Tensor.of(values, shape);
  }
}

package io.vivace.core.codec;

import io.vivace.core.EngineException;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.function.Function;

/**
 * Takes the only number of one output, as a regression or a score. Immutable and thread-safe.
 *
 * <p>Default: the model's first output. NaN and infinite numbers are passed on as the model gives
 * them.
 *
 * @param <N> the type of the numbers
 */
public final class ScalarOutput<N extends Number> implements Postprocessor<N> {
  private final String kind;
  private final Function<RowReader, N> reader;
  private final boolean wholeNumbers;
  private final OutputChoice output;

  private ScalarOutput(
      String kind, Function<RowReader, N> reader, boolean wholeNumbers, OutputChoice output) {
    this.kind = kind;
    this.reader = reader;
    this.wholeNumbers = wholeNumbers;
    this.output = output;
  }

  /**
   * Reads a number of any type as {@code float}, rounded to nearest where it is wider.
   *
   * @return a codec for the first output
   */
  public static ScalarOutput<Float> floats() {
    return new ScalarOutput<>("floats", row -> row.getFloat(0), false, OutputChoice.FIRST);
  }

  /**
   * Reads a number of any type as {@code double}.
   *
   * @return a codec for the first output
   */
  public static ScalarOutput<Double> doubles() {
    return new ScalarOutput<>("doubles", row -> row.getDouble(0), false, OutputChoice.FIRST);
  }

  /**
   * Reads a whole number, or a boolean as 0 or 1.
   *
   * @return a codec for the first output
   */
  public static ScalarOutput<Long> longs() {
    return new ScalarOutput<>("longs", row -> row.getLong(0), true, OutputChoice.FIRST);
  }

  /**
   * Returns this codec for the output of a name.
   *
   * @param name the output's name
   * @return a changed copy
   */
  public ScalarOutput<N> named(String name) {
    return new ScalarOutput<>(kind, reader, wholeNumbers, OutputChoice.named(name));
  }

  /**
   * {@inheritDoc}
   *
   * @throws EngineException if the row has no element or more than one
   */
  @Override
  public N decode(ModelRow row) {
    RowReader out = output.of(row);
    if (out.size() != 1) {
      throw new EngineException(
          "output " + output + " must hold 1 number a row, but found shape " + out.shape());
    }
    return reader.apply(out);
  }

  @Override
  public void check(Signature signature) {
    TensorSpec spec = output.in(signature);
    if (spec == null) {
      return;
    }
    output.requireNumeric(spec, wholeNumbers);
    for (int axis = 1; axis < spec.shape().rank(); axis++) {
      long size = spec.shape().dimension(axis);
      if (size != 1 && size != Shape.ANY) {
        throw new IllegalArgumentException(
            "output " + output + " must hold 1 number a row, but the model gives " + spec);
      }
    }
  }

  @Override
  public String toString() {
    return "ScalarOutput." + kind + "[output=" + output + "]";
  }
}

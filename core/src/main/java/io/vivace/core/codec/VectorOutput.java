package io.vivace.core.codec;

import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.function.Function;

/**
 * Takes the numbers of one output as an array, flattened in row-major order. Immutable and
 * thread-safe.
 *
 * <p>Default: the model's first output. Nothing is judged: NaN and infinite numbers are passed on
 * as the model gives them.
 *
 * @param <A> the type of the arrays
 */
public final class VectorOutput<A> implements Postprocessor<A> {
  private final String kind;
  private final Function<RowReader, A> copy;
  private final boolean wholeNumbers;
  private final OutputChoice choice;

  private VectorOutput(
      String kind, Function<RowReader, A> copy, boolean wholeNumbers, OutputChoice choice) {
    this.kind = kind;
    this.copy = copy;
    this.wholeNumbers = wholeNumbers;
    this.choice = choice;
  }

  /**
   * Reads an output of any numeric type as {@code float}, rounded to nearest where it is wider.
   *
   * @return a codec for the first output
   */
  public static VectorOutput<float[]> floats() {
    return new VectorOutput<>("floats", RowReader::toFloats, false, OutputChoice.FIRST);
  }

  /**
   * Reads an output of any numeric type as {@code double}.
   *
   * @return a codec for the first output
   */
  public static VectorOutput<double[]> doubles() {
    return new VectorOutput<>("doubles", RowReader::toDoubles, false, OutputChoice.FIRST);
  }

  /**
   * Reads an output of whole numbers, or of booleans as 0 and 1.
   *
   * @return a codec for the first output
   */
  public static VectorOutput<long[]> longs() {
    return new VectorOutput<>("longs", RowReader::toLongs, true, OutputChoice.FIRST);
  }

  /**
   * Returns this codec for the output of a name.
   *
   * @param output the output's name
   * @return a changed copy
   */
  public VectorOutput<A> named(String output) {
    return new VectorOutput<>(kind, copy, wholeNumbers, OutputChoice.named(output));
  }

  @Override
  public A decode(ModelRow row) {
    return copy.apply(choice.of(row));
  }

  @Override
  public void check(Signature signature) {
    TensorSpec spec = choice.in(signature);
    if (spec != null) {
      choice.requireNumeric(spec, wholeNumbers);
    }
  }

  @Override
  public String toString() {
    return "VectorOutput." + kind + "[output=" + choice + "]";
  }
}

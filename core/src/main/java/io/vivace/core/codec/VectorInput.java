package io.vivace.core.codec;

import io.vivace.core.InvalidInputException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds an array to one input of the model. Immutable and thread-safe.
 *
 * <p>The shape is that of one item, without the batch axis; arrays are flattened in row-major
 * order. With a shape whose first size is {@link Shape#ANY}, arrays of any length that fills whole
 * rows are taken, and padded at their end to the longest of the batch, or to the model's own size
 * where that is fixed.
 *
 * <p>Defaults: the model's input at the codec's position, padding 0 (empty text), and NaN and
 * infinite numbers are passed on to the model; {@link #finite()} refuses them.
 *
 * <p>{@code float} and {@code double} arrays fit float32 and float64 inputs (rounded to nearest; a
 * {@code double} beyond the range of float32 becomes infinite there), {@code int} and {@code long}
 * arrays fit int8, uint8, int32 and int64 inputs (a value outside the input's range is refused).
 * The others fit only their own type.
 *
 * <p>The array is written when the batch is made, so it must not be changed before the answer is
 * there.
 *
 * @param <A> the type of the arrays
 */
public final class VectorInput<A> implements Preprocessor<A> {
  private final ArrayKind<A> kind;
  private final TensorSpec spec;
  private final boolean open;

  /** Elements of the item; of one step along the first axis where that is open. */
  private final int unit;

  private final boolean finite;
  private final double padding;

  private VectorInput(ArrayKind<A> kind, TensorSpec spec, boolean finite, double padding) {
    this.kind = kind;
    this.spec = spec;
    this.open = spec.shape().isDynamic();
    this.unit = unit(spec.shape());
    this.finite = finite;
    this.padding = padding;
  }

  private static <A> VectorInput<A> of(ArrayKind<A> kind, Shape shape) {
    return new VectorInput<>(kind, new TensorSpec("", kind.type(), shape), false, 0);
  }

  private static int unit(Shape shape) {
    boolean open = shape.rank() > 0 && shape.dimension(0) == Shape.ANY;
    Shape fixed = open ? shape.dropFirst() : shape;
    if (fixed.isDynamic()) {
      throw new IllegalArgumentException(
          "only the first size of an item's shape may be open, but the shape was " + shape);
    }
    long elements = fixed.elements();
    if (elements < 1 || elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "an item must have from 1 to 2,147,483,647 elements, but its shape was " + shape);
    }
    return (int) elements;
  }

  /**
   * Takes {@code float} arrays of any length.
   *
   * @return a codec for float32 and float64 inputs
   */
  public static VectorInput<float[]> floats() {
    return floats(Shape.ANY);
  }

  /**
   * Takes {@code float} arrays of one length.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for float32 and float64 inputs
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<float[]> floats(long length) {
    return floats(Shape.of(length));
  }

  /**
   * Takes flattened {@code float} arrays.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for float32 and float64 inputs
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<float[]> floats(Shape shape) {
    return of(ArrayKind.FLOATS, shape);
  }

  /**
   * Takes {@code double} arrays of one length.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for float32 and float64 inputs
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<double[]> doubles(long length) {
    return doubles(Shape.of(length));
  }

  /**
   * Takes flattened {@code double} arrays.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for float32 and float64 inputs
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<double[]> doubles(Shape shape) {
    return of(ArrayKind.DOUBLES, shape);
  }

  /**
   * Takes {@code int} arrays of one length.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for inputs of whole numbers
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<int[]> ints(long length) {
    return ints(Shape.of(length));
  }

  /**
   * Takes flattened {@code int} arrays.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for inputs of whole numbers
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<int[]> ints(Shape shape) {
    return of(ArrayKind.INTS, shape);
  }

  /**
   * Takes {@code long} arrays of one length.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for inputs of whole numbers
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<long[]> longs(long length) {
    return longs(Shape.of(length));
  }

  /**
   * Takes flattened {@code long} arrays.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for inputs of whole numbers
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<long[]> longs(Shape shape) {
    return of(ArrayKind.LONGS, shape);
  }

  /**
   * Takes {@code float} arrays of one length, narrowed to half precision.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for float16 inputs
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<float[]> float16(long length) {
    return float16(Shape.of(length));
  }

  /**
   * Takes flattened {@code float} arrays and narrows them to half precision: to nearest, ties to
   * even; from 65520 on a number becomes infinite.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for float16 inputs
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<float[]> float16(Shape shape) {
    return of(ArrayKind.FLOAT16, shape);
  }

  /**
   * Takes arrays of signed bytes of one length.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for int8 inputs
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<byte[]> int8(long length) {
    return int8(Shape.of(length));
  }

  /**
   * Takes flattened arrays of signed bytes.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for int8 inputs
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<byte[]> int8(Shape shape) {
    return of(ArrayKind.INT8, shape);
  }

  /**
   * Takes arrays of one length of bytes that stand for 0 to 255.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for uint8 inputs
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<byte[]> uint8(long length) {
    return uint8(Shape.of(length));
  }

  /**
   * Takes flattened arrays of bytes that stand for 0 to 255.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for uint8 inputs
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<byte[]> uint8(Shape shape) {
    return of(ArrayKind.UINT8, shape);
  }

  /**
   * Takes {@code boolean} arrays of one length.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for bool inputs
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<boolean[]> booleans(long length) {
    return booleans(Shape.of(length));
  }

  /**
   * Takes flattened {@code boolean} arrays.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for bool inputs
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<boolean[]> booleans(Shape shape) {
    return of(ArrayKind.BOOLEANS, shape);
  }

  /**
   * Takes arrays of one length of texts, none of them null.
   *
   * @param length the number of elements, at least 1, or {@link Shape#ANY}
   * @return a codec for string inputs
   * @throws IllegalArgumentException if the length is out of range
   */
  public static VectorInput<String[]> strings(long length) {
    return strings(Shape.of(length));
  }

  /**
   * Takes flattened arrays of texts, none of them null.
   *
   * @param shape the shape of one item; only its first size may be open
   * @return a codec for string inputs
   * @throws IllegalArgumentException if another size is open or there is no element
   */
  public static VectorInput<String[]> strings(Shape shape) {
    return of(ArrayKind.STRINGS, shape);
  }

  /**
   * Returns this codec for the input of a name.
   *
   * @param input the input's name
   * @return a changed copy
   */
  public VectorInput<A> named(String input) {
    return new VectorInput<>(
        kind, new TensorSpec(input, kind.type(), spec.shape()), finite, padding);
  }

  /**
   * Refuses arrays with a NaN or infinite element; costs one look at each.
   *
   * <p>Default: they are passed on to the model.
   *
   * @return a changed copy
   */
  public VectorInput<A> finite() {
    return new VectorInput<>(kind, spec, true, padding);
  }

  /**
   * Sets what follows the end of the shorter arrays of a batch, where the length is open.
   *
   * <p>Default: 0.
   *
   * @param value the padding; a whole number where the elements are
   * @return a changed copy
   * @throws IllegalArgumentException if the elements cannot hold the value
   */
  public VectorInput<A> padding(double value) {
    if (!kind.canPadWith(value)) {
      throw new IllegalArgumentException(kind.type() + " elements cannot hold padding " + value);
    }
    return new VectorInput<>(kind, spec, finite, value);
  }

  @Override
  public List<TensorSpec> tensors() {
    return List.of(spec);
  }

  @Override
  public boolean accepts(TensorSpec tensor, ElementType modelType) {
    return kind.accepted().contains(modelType);
  }

  @Override
  public EncodedRow encode(@Nullable A item) {
    if (item == null) {
      throw refused("null");
    }
    int length = kind.length().applyAsInt(item);
    if (open ? length == 0 || length % unit != 0 : length != unit) {
      throw refused("an array of length " + length);
    }
    if (finite || kind.type() == ElementType.STRING) {
      refuseFlaw(item);
    }
    return new Row(item, length);
  }

  /** Checks that a value is an array of this codec's kind. */
  @Nullable A cast(@Nullable Object value) {
    if (value != null && !kind.array().isInstance(value)) {
      throw refused("a value of type " + value.getClass().getSimpleName());
    }
    return kind.array().cast(value);
  }

  private void refuseFlaw(A item) {
    int at = kind.flaw().applyAsInt(item);
    if (at >= 0) {
      throw refused(java.lang.reflect.Array.get(item, at) + " at position " + at);
    }
  }

  private InvalidInputException refused(String found) {
    String input = spec.name().isEmpty() ? "the input" : "input \"" + spec.name() + '"';
    String elements = open ? "a multiple of " + unit + ", at least that," : Integer.toString(unit);
    return new InvalidInputException(
        String.format(
            "%s takes %s of %s elements%s (shape %s), but found %s",
            input,
            kind.array().getSimpleName(),
            elements,
            finite ? ", all finite" : "",
            spec.shape(),
            found));
  }

  @Override
  public String toString() {
    return String.format(
        "VectorInput.%s[input=%s, shape=%s, finite=%s, padding=%s]",
        kind.name(),
        spec.name().isEmpty() ? "by position" : '"' + spec.name() + '"',
        spec.shape(),
        finite,
        padding);
  }

  /** An array that was checked. */
  private final class Row implements EncodedRow {
    private final A item;
    private final int length;

    Row(A item, int length) {
      this.item = item;
      this.length = length;
    }

    @Override
    public void write(int tensor, RowWriter out) {
      kind.writer().write(item, out);
      if (length < out.size()) {
        kind.pad(out, length, padding);
      }
    }

    @Override
    public Shape shape(int tensor, TensorSpec wanted) {
      if (!open) {
        return spec.shape();
      }
      long[] sizes = spec.shape().toArray();
      sizes[0] = length / unit;
      return Shape.of(sizes);
    }
  }
}

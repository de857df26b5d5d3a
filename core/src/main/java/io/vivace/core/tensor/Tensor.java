package io.vivace.core.tensor;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A block of elements of one type and shape, in row-major order.
 *
 * <p>Numbers lie in a direct buffer in the machine's byte order, so that an engine reads and writes
 * them without a copy. {@link ElementType#STRING} tensors hold an array instead. Type and shape
 * never change; the elements may. Not synchronized.
 */
public final class Tensor {
  private final ElementType type;
  private final Shape shape;
  private final int size;
  private final @Nullable ByteBuffer buffer;
  private final String @Nullable [] strings;

  private Tensor(
      ElementType type, Shape shape, @Nullable ByteBuffer buffer, String @Nullable [] strings) {
    this.type = type;
    this.shape = shape;
    this.size = sizeOf(type, shape);
    this.buffer = buffer;
    this.strings = strings;
  }

  /**
   * Allocates a tensor of zeros, or of empty texts.
   *
   * @param type the element type
   * @param shape the shape, without open sizes
   * @return a new tensor
   * @throws IllegalArgumentException if the shape has an open size or needs more than 2 GiB
   */
  public static Tensor allocate(ElementType type, Shape shape) {
    int size = sizeOf(type, shape);
    if (type == ElementType.STRING) {
      String[] texts = new String[size];
      java.util.Arrays.fill(texts, "");
      return new Tensor(type, shape, null, texts);
    }
    return wrap(type, shape, ByteBuffer.allocateDirect(size * type.bytes()));
  }

  /**
   * Makes a tensor over memory that is there already. Nothing is copied.
   *
   * @param type the element type, not {@link ElementType#STRING}
   * @param shape the shape, without open sizes
   * @param buffer a direct buffer; its elements start at its position
   * @return a tensor that shares the memory
   * @throws IllegalArgumentException if the buffer is not direct or has too few bytes left
   */
  public static Tensor wrap(ElementType type, Shape shape, ByteBuffer buffer) {
    int bytes = sizeOf(type, shape) * type.bytes();
    if (type == ElementType.STRING) {
      throw new IllegalArgumentException("text cannot lie in a buffer: use Tensor.of(String[])");
    }
    if (!buffer.isDirect() || buffer.remaining() < bytes) {
      throw new IllegalArgumentException(
          String.format(
              "a %s tensor of shape %s needs a direct buffer of at least %d bytes, but was %s",
              type, shape, bytes, buffer));
    }
    ByteBuffer own = buffer.slice(buffer.position(), bytes).order(ByteOrder.nativeOrder());
    return new Tensor(type, shape, own, null);
  }

  /**
   * Copies an array into a new {@link ElementType#FLOAT32} tensor.
   *
   * @param values the elements in row-major order
   * @param dimensions the shape; its product must be the number of values
   * @return a new tensor
   * @throws IllegalArgumentException if the numbers differ
   */
  public static Tensor of(float[] values, long... dimensions) {
    Tensor tensor = sized(ElementType.FLOAT32, values.length, dimensions);
    tensor.data().asFloatBuffer().put(values);
    return tensor;
  }

  /**
   * Copies an array into a new {@link ElementType#FLOAT64} tensor.
   *
   * @param values the elements in row-major order
   * @param dimensions the shape; its product must be the number of values
   * @return a new tensor
   * @throws IllegalArgumentException if the numbers differ
   */
  public static Tensor of(double[] values, long... dimensions) {
    Tensor tensor = sized(ElementType.FLOAT64, values.length, dimensions);
    tensor.data().asDoubleBuffer().put(values);
    return tensor;
  }

  /**
   * Copies an array into a new {@link ElementType#INT32} tensor.
   *
   * @param values the elements in row-major order
   * @param dimensions the shape; its product must be the number of values
   * @return a new tensor
   * @throws IllegalArgumentException if the numbers differ
   */
  public static Tensor of(int[] values, long... dimensions) {
    Tensor tensor = sized(ElementType.INT32, values.length, dimensions);
    tensor.data().asIntBuffer().put(values);
    return tensor;
  }

  /**
   * Copies an array into a new {@link ElementType#INT64} tensor.
   *
   * @param values the elements in row-major order
   * @param dimensions the shape; its product must be the number of values
   * @return a new tensor
   * @throws IllegalArgumentException if the numbers differ
   */
  public static Tensor of(long[] values, long... dimensions) {
    Tensor tensor = sized(ElementType.INT64, values.length, dimensions);
    tensor.data().asLongBuffer().put(values);
    return tensor;
  }

  /**
   * Makes a text tensor over an array. Nothing is copied.
   *
   * @param values the elements in row-major order
   * @param dimensions the shape; its product must be the number of values
   * @return a tensor that shares the array
   * @throws IllegalArgumentException if the numbers differ
   */
  public static Tensor of(String[] values, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    checkSize(values.length, shape);
    return new Tensor(ElementType.STRING, shape, null, values);
  }

  /**
   * Returns the element type.
   *
   * @return the type
   */
  public ElementType type() {
    return type;
  }

  /**
   * Returns the shape.
   *
   * @return a shape without open sizes
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Returns the number of elements.
   *
   * @return the product of the sizes
   */
  public int size() {
    return size;
  }

  /**
   * Returns the memory of a numeric tensor: a new view with its own position, in the machine's byte
   * order, from the first element to the last.
   *
   * @return a direct buffer that shares the elements
   * @throws IllegalStateException if this tensor holds text
   */
  public ByteBuffer data() {
    if (buffer == null) {
      throw new IllegalStateException("a string tensor has no buffer: use strings()");
    }
    return buffer.duplicate().order(ByteOrder.nativeOrder());
  }

  /**
   * Returns the texts of a text tensor.
   *
   * @return the array itself, not a copy
   * @throws IllegalStateException if this tensor holds numbers
   */
  public String[] strings() {
    if (strings == null) {
      throw new IllegalStateException("a " + type + " tensor holds no text: use data()");
    }
    return strings;
  }

  /**
   * Copies the elements of a {@link ElementType#FLOAT32} tensor.
   *
   * @return a new array in row-major order
   * @throws IllegalStateException if the type is another one
   */
  public float[] toFloats() {
    if (type != ElementType.FLOAT32) {
      throw new IllegalStateException("the tensor holds " + type + ", not float32");
    }
    float[] values = new float[size];
    data().asFloatBuffer().get(values);
    return values;
  }

  /**
   * Copies the elements of an {@link ElementType#INT64} tensor.
   *
   * @return a new array in row-major order
   * @throws IllegalStateException if the type is another one
   */
  public long[] toLongs() {
    if (type != ElementType.INT64) {
      throw new IllegalStateException("the tensor holds " + type + ", not int64");
    }
    long[] values = new long[size];
    data().asLongBuffer().get(values);
    return values;
  }

  @Override
  public String toString() {
    return type + " " + shape;
  }

  private static Tensor sized(ElementType type, int length, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    checkSize(length, shape);
    return allocate(type, shape);
  }

  private static void checkSize(int length, Shape shape) {
    if (shape.isDynamic() || shape.elements() != length) {
      throw new IllegalArgumentException(
          "shape " + shape + " does not hold exactly " + length + " elements");
    }
  }

  private static int sizeOf(ElementType type, Shape shape) {
    if (shape.isDynamic()) {
      throw new IllegalArgumentException("a tensor's shape has no open size, but was " + shape);
    }
    try {
      long elements = shape.elements();
      Math.toIntExact(Math.multiplyExact(elements, Math.max(1, type.bytes())));
      return (int) elements;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a " + type + " tensor of shape " + shape + " needs more than 2 GiB", e);
    }
  }
}

package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.onnx.OnnxStorage;
import io.vivace.core.model.onnx.OnnxTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A constant tensor of a graph: an initializer, or the value of a {@code Constant} node. Its
 * elements are a content: in the model's file, in memory, or computed while they are written.
 * Immutable, thread-safe; good until the model it comes from is closed.
 */
public final class Weight {
  private final String name;
  private final OnnxElementType type;
  private final Shape shape;
  private final @Nullable OnnxContent elements;
  private final @Nullable ByteRange stored;

  private Weight(
      String name,
      OnnxElementType type,
      Shape shape,
      @Nullable OnnxContent elements,
      @Nullable ByteRange stored) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = type;
    this.shape = shape;
    this.elements = elements;
    this.stored = stored;
  }

  /**
   * Makes a tensor of any content.
   *
   * @param name the name that nodes use
   * @param type the element type, not text
   * @param shape the shape; no size is unknown
   * @param elements the elements as they lie in memory: little-endian, types of less than eight
   *     bits packed
   * @return the tensor
   * @throws IllegalArgumentException if the content is not as long as type and shape say
   */
  public static Weight of(String name, OnnxElementType type, Shape shape, OnnxContent elements) {
    long wanted = type.bytes(shape.elements());
    if (type.bits() == 0 || elements.length() != wanted) {
      throw new IllegalArgumentException(
          "tensor \"%s\" of type %s and shape %s takes %d bytes, but was given %d"
              .formatted(name, type, shape, wanted, elements.length()));
    }
    return new Weight(name, type, shape, elements, null);
  }

  /**
   * Makes a tensor of single-precision floats.
   *
   * @param name the name that nodes use
   * @param shape the shape
   * @param values one value per element, copied
   * @return the tensor
   * @throws IllegalArgumentException if the number of values does not fit the shape
   */
  public static Weight ofFloats(String name, Shape shape, float... values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return of(name, OnnxElementType.FLOAT, shape, OnnxContent.of(bytes));
  }

  /**
   * Makes a tensor of 64-bit integers.
   *
   * @param name the name that nodes use
   * @param shape the shape
   * @param values one value per element, copied
   * @return the tensor
   * @throws IllegalArgumentException if the number of values does not fit the shape
   */
  public static Weight ofLongs(String name, Shape shape, long... values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return of(name, OnnxElementType.INT64, shape, OnnxContent.of(bytes));
  }

  static Weight stored(OnnxTensor tensor, OnnxStorage storage) {
    OnnxContent elements =
        tensor.type() == OnnxElementType.STRING ? null : storage.elements(tensor);
    return new Weight(tensor.name(), tensor.type(), tensor.shape(), elements, tensor.bytes());
  }

  /**
   * Returns the name that nodes use.
   *
   * @return the name; of the value of a {@code Constant} node it may be empty
   */
  public String name() {
    return name;
  }

  /**
   * Returns the element type.
   *
   * @return the type
   */
  public OnnxElementType type() {
    return type;
  }

  /**
   * Returns the shape.
   *
   * @return the shape; no size is unknown
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Returns the number of bytes that the elements take.
   *
   * @return at least 0; 0 for text
   */
  public long bytes() {
    return elements == null ? 0 : elements.length();
  }

  /**
   * Returns the elements as they lie in memory.
   *
   * @return little-endian; types of less than eight bits are packed
   * @throws GraphException if the elements are text
   */
  public OnnxContent elements() {
    if (elements == null) {
      throw new GraphException("tensor \"" + name + "\" holds text, which has no elements");
    }
    return elements;
  }

  /**
   * Returns the same tensor by another name.
   *
   * @param newName the name
   * @return the tensor
   */
  public Weight named(String newName) {
    return new Weight(newName, type, shape, elements, newName.equals(name) ? stored : null);
  }

  /**
   * Multiplies the elements by a factor per index along an axis, when they are read.
   *
   * @param newName the name of the result
   * @param axis the axis, from 0
   * @param factors one per index
   * @return a tensor of the same shape
   * @throws IllegalArgumentException if this is not a tensor of single-precision floats, or the
   *     number of factors is not the size of the axis
   */
  public Weight scaled(String newName, int axis, float... factors) {
    if (type != OnnxElementType.FLOAT || shape.dimension(axis) != factors.length) {
      throw new IllegalArgumentException(
          "tensor %s cannot be multiplied by %d factors along axis %d"
              .formatted(this, factors.length, axis));
    }
    return of(newName, type, shape, ScaledContent.along(this, axis, factors.clone()));
  }

  /** Gives an element another value. */
  @FunctionalInterface
  public interface ElementMap {
    /**
     * Gives the value, always the same for the same arguments; called by several threads.
     *
     * @param index of the element, from 0, in row-major order
     * @param value what it is
     * @return what it becomes
     */
    float value(long index, float value);
  }

  /**
   * Gives each element another value, when it is read.
   *
   * @param map gives the values
   * @return a tensor of the same name and shape
   * @throws IllegalArgumentException if this is not a tensor of single-precision floats
   */
  public Weight mapped(ElementMap map) {
    if (type != OnnxElementType.FLOAT) {
      throw new IllegalArgumentException("tensor " + this + " has no elements of type FLOAT");
    }
    return of(name, type, shape, new MappedContent(elements(), map));
  }

  /**
   * Reads the elements as floats.
   *
   * @return one value per element, in row-major order
   * @throws GraphException if the type is not a float of 16 bits or more, or the elements do not
   *     fit an array
   * @throws UncheckedIOException if the model's file cannot be read
   */
  public float[] floats() {
    return Elements.floats(this);
  }

  /**
   * Reads the elements as integers.
   *
   * @return one value per element, in row-major order; unsigned types are not negative, but for
   *     64-bit ones; booleans are 0 and 1
   * @throws GraphException if the type is not an integer of 8 bits or more, or the elements do not
   *     fit an array
   * @throws UncheckedIOException if the model's file cannot be read
   */
  public long[] longs() {
    return Elements.longs(this);
  }

  /** Reads the elements as bytes in little-endian order. */
  ByteBuffer read() {
    try {
      return ByteBuffer.wrap(elements().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException("tensor \"" + name + "\" cannot be read: " + e, e);
    }
  }

  /** Where the tensor's message lies in the model's file, if it is still as it was there. */
  @Nullable ByteRange stored() {
    return stored;
  }

  @Override
  public String toString() {
    return "\"" + name + "\" " + type + shape;
  }
}

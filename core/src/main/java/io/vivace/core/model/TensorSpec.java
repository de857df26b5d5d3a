package io.vivace.core.model;

import java.util.Objects;

/**
 * The name, element type and shape of one input or output.
 *
 * @param name the name; empty where a position is enough, as for TorchScript arguments
 * @param type the element type
 * @param shape the shape, with {@link Shape#ANY} where a size is known only at run time
 */
public record TensorSpec(String name, ElementType type, Shape shape) {
  /**
   * Checks that nothing is null.
   *
   * @param name the name; empty where a position is enough, as for TorchScript arguments
   * @param type the element type
   * @param shape the shape, with {@link Shape#ANY} where a size is known only at run time
   */
  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(shape, "shape");
  }

  /**
   * Returns a specification without a name.
   *
   * @param type the element type
   * @param dimensions the size of each axis
   * @return the specification
   */
  public static TensorSpec of(ElementType type, long... dimensions) {
    return new TensorSpec("", type, Shape.of(dimensions));
  }

  /**
   * Returns a named specification.
   *
   * @param name the name
   * @param type the element type
   * @param dimensions the size of each axis
   * @return the specification
   */
  public static TensorSpec of(String name, ElementType type, long... dimensions) {
    return new TensorSpec(name, type, Shape.of(dimensions));
  }

  /**
   * Returns name, type and shape in one line.
   *
   * @return for example {@code "pixels" float32 [?, 3, 224, 224]}
   */
  @Override
  public String toString() {
    return (name.isEmpty() ? "" : '"' + name + "\" ") + type + ' ' + shape;
  }
}

package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxType;
import io.vivace.core.model.onnx.OnnxValue;
import org.jspecify.annotations.Nullable;

/** An input or output of a graph, or a value between nodes of which the file states the type. */
public final class Value {
  private final String name;
  private final ValueType type;
  private final @Nullable ByteRange stored;

  private Value(String name, ValueType type, @Nullable ByteRange stored) {
    this.name = name;
    this.type = type;
    this.stored = stored;
  }

  /**
   * Makes a value.
   *
   * @param name the name
   * @param type its type
   * @return the value
   */
  public static Value of(String name, ValueType type) {
    return new Value(name, type, null);
  }

  static Value stored(OnnxValue value) {
    ValueType type =
        value.type() instanceof OnnxType.Tensor tensor
            ? new ValueType(tensor.type(), tensor.shape())
            : ValueType.UNKNOWN;
    return new Value(value.name(), type, value.bytes());
  }

  /**
   * Returns the name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns the type that the file states.
   *
   * @return the type; {@link ValueType#UNKNOWN} for what is no tensor
   */
  public ValueType type() {
    return type;
  }

  @Nullable ByteRange stored() {
    return stored;
  }

  @Override
  public String toString() {
    return "\"" + name + "\" " + type;
  }
}

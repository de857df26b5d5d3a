package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxAttribute;
import io.vivace.core.model.onnx.OnnxData;
import io.vivace.core.model.onnx.OnnxStorage;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A setting of a node. Immutable, but for the graphs it may hold. */
public final class Attribute {
  /** The kinds of value that the graph package reads and writes, by their numbers in files. */
  enum Kind {
    FLOAT(1),
    INT(2),
    STRING(3),
    TENSOR(4),
    GRAPH(5),
    FLOATS(6),
    INTS(7),
    GRAPHS(10),
    /** Kept as it is. */
    OTHER(-1);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Kind of(int number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return OTHER;
    }
  }

  private final String name;
  private final Kind kind;
  private final Supplier<?> value;
  private final @Nullable ByteRange stored;

  private Attribute(String name, Kind kind, Supplier<?> value, @Nullable ByteRange stored) {
    this.name = name;
    this.kind = kind;
    this.value = value;
    this.stored = stored;
  }

  /**
   * Makes an integer.
   *
   * @param name the name
   * @param value the value
   * @return the attribute
   */
  public static Attribute of(String name, long value) {
    return new Attribute(name, Kind.INT, () -> value, null);
  }

  /**
   * Makes a float.
   *
   * @param name the name
   * @param value the value
   * @return the attribute
   */
  public static Attribute of(String name, float value) {
    return new Attribute(name, Kind.FLOAT, () -> value, null);
  }

  /**
   * Makes a text.
   *
   * @param name the name
   * @param value the value
   * @return the attribute
   */
  public static Attribute of(String name, String value) {
    return new Attribute(name, Kind.STRING, () -> value, null);
  }

  /**
   * Makes a list of integers.
   *
   * @param name the name
   * @param values the values, copied
   * @return the attribute
   */
  public static Attribute ofLongs(String name, long... values) {
    long[] copy = values.clone();
    return new Attribute(name, Kind.INTS, () -> copy, null);
  }

  /**
   * Makes a tensor.
   *
   * @param name the name
   * @param value the tensor
   * @return the attribute
   */
  public static Attribute of(String name, Weight value) {
    return new Attribute(name, Kind.TENSOR, () -> value, null);
  }

  static Attribute stored(
      OnnxAttribute attribute, OnnxStorage storage, OnnxData data, Graph outer) {
    Kind kind = attribute.reference().isEmpty() ? Kind.of(effectiveType(attribute)) : Kind.OTHER;
    Supplier<?> value =
        switch (kind) {
          case FLOAT -> attribute::number;
          case INT -> attribute::integer;
          case STRING -> {
            ByteRange text = attribute.text();
            yield () -> text == null ? "" : data.text(text);
          }
          case TENSOR -> {
            Weight weight = Weight.stored(attribute.tensors().get(0), storage);
            yield () -> weight;
          }
          case FLOATS -> () -> data.floats(attribute.numbers());
          case INTS -> () -> data.integers(attribute.integers());
          case GRAPH, GRAPHS -> {
            List<Graph> graphs =
                attribute.graphs().stream()
                    .map(graph -> Graph.stored(graph, storage, data, outer))
                    .toList();
            yield () -> graphs;
          }
          case OTHER -> () -> List.of();
        };
    return new Attribute(attribute.name(), kind, value, attribute.bytes());
  }

  /** Old files state no type: the part that is there tells it. */
  private static int effectiveType(OnnxAttribute attribute) {
    if (attribute.type() == Kind.TENSOR.number() && attribute.tensors().isEmpty()) {
      return Kind.OTHER.number();
    }
    if (attribute.type() != 0) {
      return attribute.type();
    }
    if (attribute.text() != null) {
      return Kind.STRING.number();
    }
    if (attribute.integers().count() > 0) {
      return Kind.INTS.number();
    }
    if (attribute.numbers().count() > 0) {
      return Kind.FLOATS.number();
    }
    if (!attribute.tensors().isEmpty()) {
      return Kind.TENSOR.number();
    }
    if (!attribute.graphs().isEmpty()) {
      return Kind.GRAPHS.number();
    }
    return attribute.number() != 0 ? Kind.FLOAT.number() : Kind.INT.number();
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
   * Returns the value of an integer.
   *
   * @return the value
   * @throws GraphException if it is no integer
   */
  public long integer() {
    return (Long) value(Kind.INT);
  }

  /**
   * Returns the value of a float.
   *
   * @return the value
   * @throws GraphException if it is no float
   */
  public float number() {
    return (Float) value(Kind.FLOAT);
  }

  /**
   * Returns the value of a text.
   *
   * @return the value
   * @throws GraphException if it is no text
   */
  public String text() {
    return (String) value(Kind.STRING);
  }

  /**
   * Returns the values of a list of integers.
   *
   * @return the values
   * @throws GraphException if it is no list of integers
   */
  public long[] integers() {
    return ((long[]) value(Kind.INTS)).clone();
  }

  /**
   * Returns the values of a list of floats.
   *
   * @return the values
   * @throws GraphException if it is no list of floats
   */
  public float[] numbers() {
    return ((float[]) value(Kind.FLOATS)).clone();
  }

  /**
   * Returns the tensor.
   *
   * @return the tensor
   * @throws GraphException if it is no tensor
   */
  public Weight tensor() {
    return (Weight) value(Kind.TENSOR);
  }

  /**
   * Returns the graphs.
   *
   * @return one graph, or those of a list; empty if the value is of another kind
   */
  @SuppressWarnings("unchecked")
  public List<Graph> graphs() {
    return kind == Kind.GRAPH || kind == Kind.GRAPHS ? (List<Graph>) value.get() : List.of();
  }

  private Object value(Kind wanted) {
    if (kind != wanted) {
      throw new GraphException(
          "attribute \"%s\" is of kind %s, wanted is %s; the model is damaged, or made for another"
                  .formatted(name, kind, wanted)
              + " version of the operator");
    }
    return value.get();
  }

  Kind kind() {
    return kind;
  }

  /** Where the attribute's message lies in the model's file, if it is still as it was there. */
  @Nullable ByteRange stored() {
    return graphs().stream().allMatch(Graph::isUntouched) ? stored : null;
  }

  @Override
  public String toString() {
    return name + ' ' + kind;
  }
}

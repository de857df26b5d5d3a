package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value while the network runs: an array of the engine, or integers of the host. Each is turned
 * into the other where an operator needs that.
 */
final class Operand {
  private @Nullable NDArray array;
  private @Nullable Integers integers;
  private final boolean owned;
  private int uses;

  private Operand(@Nullable NDArray array, @Nullable Integers integers, boolean owned) {
    this.array = array;
    this.integers = integers;
    this.owned = owned;
  }

  /** A result, freed at its last use. */
  static Operand of(NDArray array) {
    return new Operand(array, null, true);
  }

  /** What lives longer than the run. */
  static Operand kept(NDArray array) {
    return new Operand(array, null, false);
  }

  static Operand of(Integers integers) {
    return new Operand(null, integers, false);
  }

  boolean isHost() {
    return array == null;
  }

  /** Whether it outlives the run, or is of the host. */
  boolean isKept() {
    return !owned;
  }

  /** Whether it holds floating-point numbers. */
  boolean isReal() {
    return array != null && array.getDataType().isFloating();
  }

  boolean isLogical() {
    return array == null
        ? Objects.requireNonNull(integers).isLogical()
        : array.getDataType() == DataType.BOOLEAN;
  }

  long[] shape() {
    return array == null ? Objects.requireNonNull(integers).shape() : array.getShape().getShape();
  }

  /** As an array: int64, boolean, or the network's floating-point type. */
  NDArray array(NDManager manager) {
    if (array != null) {
      return array;
    }
    Integers host = Objects.requireNonNull(integers);
    Shape shape = new Shape(host.shape());
    NDArray made = manager.create(host.values(), shape);
    return host.isLogical() ? made.neq(0) : made;
  }

  /** As integers; real numbers are cut towards 0. */
  Integers integers() {
    if (integers == null) {
      NDArray from = Objects.requireNonNull(array);
      long[] values =
          from.getDataType() == DataType.INT64
              ? from.toLongArray()
              : from.toType(DataType.INT64, true).toLongArray();
      long[] shape = shape();
      integers = isLogical() ? Integers.logical(values, shape) : Integers.of(values, shape);
    }
    return integers;
  }

  void use(int times) {
    uses += times;
  }

  /** One use less; after the last one the engine's memory is given back. */
  void release() {
    uses--;
    if (uses <= 0 && owned && array != null) {
      NDScope.unregister(array);
      array.close();
    }
  }
}

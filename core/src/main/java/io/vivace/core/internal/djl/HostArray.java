package io.vivace.core.internal.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrayAdapter;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A DJL array on the Java heap. What it does not override, {@link NDArrayAdapter} answers with an
 * {@link UnsupportedOperationException}.
 *
 * <p>Elements are never changed in place: an operation in place puts others in their stead.
 */
final class HostArray extends NDArrayAdapter {
  private Elements elements;

  HostArray(HostArrays manager, Shape shape, Elements elements) {
    super(manager, null, shape, elements.type(), NDManager.nextUid());
    this.elements = elements;
    manager.attachInternal(uid, this);
  }

  Elements elements() {
    if (isClosed) {
      throw new IllegalStateException("the array is closed");
    }
    return elements;
  }

  Numbers numbers() {
    if (elements() instanceof Numbers numbers) {
      return numbers;
    }
    throw new IllegalArgumentException("an array of text has no numbers");
  }

  Walk walk() {
    return Walk.of(getShape());
  }

  HostArray make(Shape shape, Elements elements) {
    return ((HostArrays) manager).wrap(shape, elements);
  }

  HostArray pick(Walk walk) {
    return make(walk.shape(), elements().pick(walk.positions()));
  }

  HostArray host(NDArray other) {
    return (HostArray) ((HostArrays) manager).from(other);
  }

  // Memory

  @Override
  public void attach(NDManager manager) {
    detach();
    this.manager = manager;
    manager.attachInternal(uid, this);
  }

  @Override
  public void detach() {
    manager.detachInternal(uid);
    manager = HostArrays.ROOT;
  }

  @Override
  public void intern(NDArray replaced) {
    elements = host(replaced).elements();
    shape = replaced.getShape();
    dataType = replaced.getDataType();
    replaced.close();
  }

  @Override
  public ByteBuffer toByteBuffer(boolean tryDirect) {
    return numbers().data().asReadOnlyBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  public String[] toStringArray(Charset charset) {
    if (elements() instanceof Texts texts) {
      return texts.values().toArray(String[]::new);
    }
    throw new IllegalArgumentException("an array of " + dataType + " holds no text");
  }

  @Override
  public NDArray duplicate() {
    HostArray copy = make(getShape(), elements());
    copy.setName(getName());
    return copy;
  }

  @Override
  public NDArray toType(DataType type, boolean copy) {
    if (type == getDataType()) {
      return copy ? duplicate() : this;
    }
    HostArray converted = make(getShape(), numbers().convert(type));
    converted.setName(getName());
    return converted;
  }

  @Override
  public NDArrayEx getNDArrayInternal() {
    return HostOperations.of(this);
  }

  // Shape

  @Override
  public NDArray reshape(Shape wanted) {
    long[] sizes = wanted.getShape().clone();
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == -1) {
        sizes[axis] = 1;
        sizes[axis] = size() / Math.max(1, new Shape(sizes).size());
      }
    }
    Shape shape = new Shape(sizes);
    if (Arrays.stream(sizes).anyMatch(size -> size < 0) || shape.size() != size()) {
      throw new IllegalArgumentException(
          "an array of shape " + getShape() + " cannot be reshaped to " + wanted);
    }
    return make(shape, elements());
  }

  @Override
  public NDArray expandDims(int axis) {
    int at = Walk.axis(axis, getShape().dimension() + 1);
    return make(getShape().slice(0, at).add(1).addAll(getShape().slice(at)), elements());
  }

  @Override
  public NDArray squeeze(int[] axes) {
    int rank = getShape().dimension();
    int[] removed = IntStream.of(axes).map(axis -> Walk.axis(axis, rank)).toArray();
    for (int axis : removed) {
      if (getShape().get(axis) != 1) {
        throw new IllegalArgumentException(
            "axis " + axis + " of shape " + getShape() + " must have size 1 to be squeezed");
      }
    }
    return make(without(removed), elements());
  }

  @Override
  public NDArray flatten() {
    return reshape(size());
  }

  @Override
  public NDArray transpose() {
    int rank = getShape().dimension();
    return transpose(IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
  }

  @Override
  public NDArray transpose(int... axes) {
    int rank = getShape().dimension();
    return pick(walk().permute(IntStream.of(axes).map(a -> Walk.axis(a, rank)).toArray()));
  }

  @Override
  public NDArray broadcast(Shape wanted) {
    return pick(walk().broadcast(wanted));
  }

  @Override
  public NDArray flip(int... axes) {
    Walk flipped = walk();
    for (int axis : axes) {
      int at = Walk.axis(axis, getShape().dimension());
      flipped = flipped.slice(at, getShape().get(at) - 1, getShape().get(at), -1);
    }
    return pick(flipped);
  }

  @Override
  public NDList split(long sections, int axis) {
    long size = getShape().get(Walk.axis(axis, getShape().dimension()));
    if (sections < 1 || size % sections != 0) {
      throw new IllegalArgumentException(
          "an axis of size " + size + " cannot be split into " + sections + " equal parts");
    }
    long[] starts = new long[(int) sections - 1];
    Arrays.setAll(starts, i -> (i + 1) * (size / sections));
    return split(starts, axis);
  }

  @Override
  public NDList split(long[] indices, int axis) {
    int at = Walk.axis(axis, getShape().dimension());
    NDList parts = new NDList(indices.length + 1);
    long from = 0;
    for (int i = 0; i <= indices.length; i++) {
      long to = i < indices.length ? indices[i] : getShape().get(at);
      if (to < from || to > getShape().get(at)) {
        throw new IllegalArgumentException(
            "cannot split shape " + getShape() + " at " + Arrays.toString(indices));
      }
      parts.add(pick(walk().slice(at, from, to - from, 1)));
      from = to;
    }
    return parts;
  }

  // Arithmetic

  @Override
  public NDArray add(Number n) {
    return combine(Arithmetic.ADD, n);
  }

  @Override
  public NDArray add(NDArray other) {
    return combine(Arithmetic.ADD, other);
  }

  @Override
  public NDArray addi(Number n) {
    return replace(add(n));
  }

  @Override
  public NDArray addi(NDArray other) {
    return replace(add(other));
  }

  @Override
  public NDArray sub(Number n) {
    return combine(Arithmetic.SUB, n);
  }

  @Override
  public NDArray sub(NDArray other) {
    return combine(Arithmetic.SUB, other);
  }

  @Override
  public NDArray subi(Number n) {
    return replace(sub(n));
  }

  @Override
  public NDArray subi(NDArray other) {
    return replace(sub(other));
  }

  @Override
  public NDArray mul(Number n) {
    return combine(Arithmetic.MUL, n);
  }

  @Override
  public NDArray mul(NDArray other) {
    return combine(Arithmetic.MUL, other);
  }

  @Override
  public NDArray muli(Number n) {
    return replace(mul(n));
  }

  @Override
  public NDArray muli(NDArray other) {
    return replace(mul(other));
  }

  @Override
  public NDArray div(Number n) {
    return combine(Arithmetic.DIV, n);
  }

  @Override
  public NDArray div(NDArray other) {
    return combine(Arithmetic.DIV, other);
  }

  @Override
  public NDArray divi(Number n) {
    return replace(div(n));
  }

  @Override
  public NDArray divi(NDArray other) {
    return replace(div(other));
  }

  @Override
  public NDArray neg() {
    return mul(-1);
  }

  @Override
  public NDArray abs() {
    return map(getDataType(), Math::abs);
  }

  @Override
  public NDArray sqrt() {
    return map(floating(), Math::sqrt);
  }

  @Override
  public NDArray exp() {
    return map(floating(), Math::exp);
  }

  @Override
  public NDArray log() {
    return map(floating(), Math::log);
  }

  @Override
  public NDArray clip(Number min, Number max) {
    DataType type = Arithmetic.common(Arithmetic.common(getDataType(), min), max);
    return map(type, x -> Math.min(Math.max(x, min.doubleValue()), max.doubleValue()));
  }

  HostArray map(DataType type, DoubleUnaryOperator operator) {
    Numbers numbers = numbers();
    return make(
        getShape(),
        Numbers.of(type, numbers.size(), i -> operator.applyAsDouble(numbers.doubleAt(i))));
  }

  DataType floating() {
    return getDataType().isFloating() ? getDataType() : DataType.FLOAT32;
  }

  private HostArray combine(Arithmetic operation, Number n) {
    DataType type = Arithmetic.common(getDataType(), n);
    Numbers left = numbers();
    Numbers right =
        type.isFloating()
            ? Numbers.of(DataType.FLOAT64, left.size(), i -> n.doubleValue())
            : Numbers.ofLongs(DataType.INT64, left.size(), i -> n.longValue());
    return make(getShape(), operation.apply(left, right, type));
  }

  private HostArray combine(Arithmetic operation, NDArray other) {
    HostArray right = host(other);
    Shape common = Walk.common(getShape(), right.getShape());
    DataType type = Arithmetic.common(getDataType(), right.getDataType());
    return make(
        common, operation.apply(spread(common).numbers(), right.spread(common).numbers(), type));
  }

  private HostArray spread(Shape wanted) {
    return wanted.equals(getShape()) ? this : pick(walk().broadcast(wanted));
  }

  private NDArray replace(NDArray result) {
    intern(result);
    return this;
  }

  // Along axes

  @Override
  public NDArray sum() {
    return sum(allAxes(), false);
  }

  @Override
  public NDArray sum(int[] axes, boolean keep) {
    Lines lines = new Lines(this, axes);
    return getDataType().isFloating()
        ? lines.reduce(keep, getDataType(), Line::doubleSum)
        : lines.reduceToLong(keep, Line::longSum);
  }

  @Override
  public NDArray mean() {
    return mean(allAxes(), false);
  }

  @Override
  public NDArray mean(int[] axes, boolean keep) {
    return new Lines(this, axes).reduce(keep, floating(), line -> line.doubleSum() / line.length());
  }

  @Override
  public NDArray max() {
    return max(allAxes(), false);
  }

  @Override
  public NDArray max(int[] axes, boolean keep) {
    return new Lines(this, axes).choose(keep, line -> line.extreme(1));
  }

  @Override
  public NDArray min() {
    return min(allAxes(), false);
  }

  @Override
  public NDArray min(int[] axes, boolean keep) {
    return new Lines(this, axes).choose(keep, line -> line.extreme(-1));
  }

  @Override
  public NDArray argMax() {
    return argMax(allAxes());
  }

  @Override
  public NDArray argMax(int axis) {
    return argMax(new int[] {axis});
  }

  private NDArray argMax(int[] axes) {
    return new Lines(this, axes).reduceToLong(false, line -> line.extreme(1) - line.from());
  }

  @Override
  public NDArray argSort(int axis, boolean ascending) {
    return new Lines(this, axis).map(DataType.INT64, line -> line.order(ascending));
  }

  @Override
  public NDArray softmax(int axis) {
    return new Lines(this, axis).map(floating(), line -> line.softmax(floating()));
  }

  @Override
  public NDArray normalize(double order, long dim, double floor) {
    if (order != 2) {
      throw new UnsupportedOperationException("only the Euclidean norm");
    }
    int axis = Walk.axis(dim, getShape().dimension());
    return div(
        new Lines(this, axis).reduce(true, floating(), line -> Math.max(line.norm(), floor)));
  }

  private int[] allAxes() {
    return Walk.axes(getShape().dimension());
  }

  private Shape without(int... removed) {
    return new Shape(
        IntStream.range(0, getShape().dimension())
            .filter(axis -> IntStream.of(removed).noneMatch(other -> other == axis))
            .mapToLong(getShape()::get)
            .toArray());
  }
}

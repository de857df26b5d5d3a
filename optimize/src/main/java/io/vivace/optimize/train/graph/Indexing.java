package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that take parts of arrays, or join arrays. */
final class Indexing {
  private Indexing() {}

  static void register(Map<String, Operator> operators) {
    operators.put("Gather", Operator.general(Indexing::gather));
    operators.put("GatherElements", Operator.of(Indexing::gatherElements));
    operators.put("Slice", Operator.general(Slicing::slice));
    operators.put("Split", Operator.general(Indexing::split));
    operators.put("Concat", Operator.general(Indexing::concat));
    operators.put("OneHot", Operator.of(Indexing::oneHot));
    operators.put("Trilu", Operator.of(Indexing::triangle));
  }

  private static List<Operand> gather(Call call) {
    Operand data = call.operand(0);
    int axis = call.axis("axis", 0, data.shape().length);
    if (call.onHost() && data.shape().length == 1) {
      return List.of(Operand.of(gather(data.integers(), call.integers(1))));
    }
    NDArray x = call.in(0);
    NDArray index = indices(call, x.getShape().get(axis));
    return List.of(Operand.of(take(x, index, axis)));
  }

  private static Integers gather(Integers data, Integers index) {
    long[] result = index.values();
    for (int i = 0; i < result.length; i++) {
      long at = result[i] < 0 ? result[i] + data.size() : result[i];
      result[i] = data.value(Math.toIntExact(at));
    }
    Integers values = Integers.of(result, index.shape());
    return data.isLogical() ? Integers.logical(result, index.shape()) : values;
  }

  /** Elements along an axis, each index of which stands for all elements of the other axes. */
  static NDArray take(NDArray x, NDArray index, int axis) {
    int rank = x.getShape().dimension();
    if (axis == 0 && rank == 2 && x.getDataType().isFloating()) {
      return x.getNDArrayInternal().embedding(index, x, SparseFormat.DENSE).singletonOrThrow();
    }
    if (rank == 1) {
      return x.gather(index.flatten(), 0).reshape(index.getShape());
    }
    return x.get(new NDIndex().addAllDim(axis).addIndices("{}", index));
  }

  /** Indices from 0, of type int64; negative ones count from the end. */
  private static NDArray indices(Call call, long size) {
    Operand operand = call.operand(1);
    if (operand.isHost()) {
      Integers stated = operand.integers();
      long[] from0 = Arrays.stream(stated.values()).map(i -> i < 0 ? i + size : i).toArray();
      return call.manager().create(from0, new Shape(stated.shape()));
    }
    NDArray index = call.in(1).toType(DataType.INT64, false);
    return index.add(index.lt(0).toType(DataType.INT64, false).mul(size));
  }

  private static NDArray gatherElements(Call call) {
    NDArray x = call.in(0);
    int axis = call.axis("axis", 0, x.getShape().dimension());
    return x.gather(indices(call, x.getShape().get(axis)), axis);
  }

  private static List<Operand> split(Call call) {
    NDArray x = call.in(0);
    int axis = call.axis("axis", 0, x.getShape().dimension());
    long[] sizes = call.has(1) ? call.longs(1) : call.integersOf("split");
    if (sizes.length == 0) {
      sizes = equal(x.getShape().get(axis), call.node().outputs().size());
    }
    long[] ends = new long[sizes.length - 1];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += sizes[i];
      ends[i] = end;
    }
    if (ends.length == 0) {
      return List.of(Operand.of(x.reshape(x.getShape())));
    }
    return x.split(ends, axis).stream().map(Operand::of).toList();
  }

  /** The last part is smaller where the size cannot be divided. */
  private static long[] equal(long size, int parts) {
    long each = (size + parts - 1) / parts;
    long[] sizes = new long[parts];
    Arrays.fill(sizes, each);
    sizes[parts - 1] = size - each * (parts - 1);
    return sizes;
  }

  private static List<Operand> concat(Call call) {
    int axis = call.axis("axis", 0, call.operand(0).shape().length);
    if (call.onHost() && call.integers(0).rank() == 1) {
      List<Long> values = new ArrayList<>();
      for (int i = 0; i < call.count(); i++) {
        Arrays.stream(call.longs(i)).forEach(values::add);
      }
      return List.of(Operand.of(Integers.list(values.stream().mapToLong(i -> i).toArray())));
    }
    NDList parts = new NDList();
    for (int i = 0; i < call.count(); i++) {
      parts.add(call.in(i));
    }
    NDArray joined = parts.size() == 1 ? Layout.same(parts.get(0)) : NDArrays.concat(parts, axis);
    return List.of(Operand.of(joined));
  }

  private static NDArray oneHot(Call call) {
    NDArray index = call.in(0).toType(DataType.INT64, false);
    long depth = call.longs(1)[0];
    NDArray from0 = index.add(index.lt(0).toType(DataType.INT64, false).mul(depth));
    int rank = index.getShape().dimension();
    int axis = call.axis(call.integer("axis", -1), rank + 1);
    long[] shape = new long[rank + 1];
    Arrays.fill(shape, 1);
    shape[axis] = depth;
    NDArray numbers = call.manager().arange(0, (int) depth, 1, DataType.INT64).reshape(shape);
    NDArray hot = from0.expandDims(axis).eq(numbers).toType(call.real(), true);
    double[] values = call.doubles(2);
    return hot.mul(call.scalar(values[1] - values[0])).add(call.scalar(values[0]));
  }

  private static NDArray triangle(Call call) {
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    long shift = call.has(1) ? call.longs(1)[0] : 0;
    NDArray rows =
        call.manager()
            .arange(0, (int) x.getShape().get(rank - 2), 1, DataType.INT64)
            .reshape(-1, 1);
    NDArray columns = call.manager().arange(0, (int) x.getShape().get(rank - 1), 1, DataType.INT64);
    NDArray distance = columns.sub(rows).sub(shift);
    NDArray kept = call.integer("upper", 1) != 0 ? distance.gte(0) : distance.lte(0);
    return x.mul(kept.toType(x.getDataType(), true));
  }
}

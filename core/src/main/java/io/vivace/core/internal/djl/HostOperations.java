package io.vivace.core.internal.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The few operations of DJL's second, internal array interface that translators need. A proxy,
 * because the interface has some sixty methods more, which engines must implement and this one does
 * not.
 */
record HostOperations(HostArray array) implements InvocationHandler {
  static NDArrayEx of(HostArray array) {
    return (NDArrayEx)
        Proxy.newProxyInstance(
            NDArrayEx.class.getClassLoader(),
            new Class<?>[] {NDArrayEx.class},
            new HostOperations(array));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    Object[] given = arguments == null ? new Object[0] : arguments;
    return switch (method.getName()) {
      case "getArray" -> array;
      case "getIndexer" -> new HostIndexer();
      case "stack" -> stack((NDList) given[0], (int) given[1]);
      case "concat" -> concat((NDList) given[0], (int) given[1]);
      case "sigmoid" -> array.map(array.floating(), x -> 1 / (1 + Math.exp(-x)));
      case "tanh" -> array.map(array.floating(), Math::tanh);
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  /** This array and then the others, along a new axis. */
  private NDArray stack(NDList others, int axis) {
    for (NDArray other : others) {
      if (!other.getShape().equals(array.getShape())) {
        throw new IllegalArgumentException(
            "arrays to stack must have one shape, but were "
                + array.getShape()
                + " and "
                + other.getShape());
      }
    }
    int at = Walk.axis(axis, array.getShape().dimension() + 1);
    NDList expanded = new NDList();
    others.forEach(other -> expanded.add(array.host(other).expandDims(at)));
    return new HostOperations((HostArray) array.expandDims(at)).concat(expanded, at);
  }

  /** This array and then the others, along an axis they have. */
  private NDArray concat(NDList others, int axis) {
    int at = Walk.axis(axis, array.getShape().dimension());
    List<HostArray> parts = new ArrayList<>(List.of(array));
    others.forEach(other -> parts.add(array.host(other)));
    parts.forEach(part -> checkFits(part, at));
    Elements joined =
        array.elements().join(parts.stream().skip(1).map(HostArray::elements).toList());
    long size = parts.stream().mapToLong(part -> part.getShape().get(at)).sum();
    return array.make(
        Shape.update(array.getShape(), at, size), joined.pick(interleaved(parts, at)));
  }

  /** Where the elements of the result lie in the parts, which lie one after the other. */
  private static int[] interleaved(List<HostArray> parts, int axis) {
    long outer = parts.get(0).getShape().slice(0, axis).size();
    int[] positions = new int[parts.stream().mapToInt(part -> (int) part.size()).sum()];
    int next = 0;
    for (int row = 0; row < outer; row++) {
      int start = 0;
      for (HostArray part : parts) {
        int chunk = (int) (part.size() / outer);
        for (int i = 0; i < chunk; i++) {
          positions[next++] = start + row * chunk + i;
        }
        start += (int) part.size();
      }
    }
    return positions;
  }

  private void checkFits(HostArray part, int at) {
    Shape wanted = array.getShape();
    Shape found = part.getShape();
    boolean fits =
        found.dimension() == wanted.dimension()
            && IntStream.range(0, wanted.dimension())
                .allMatch(axis -> axis == at || found.get(axis) == wanted.get(axis));
    if (!fits || part.getDataType() != array.getDataType()) {
      throw new IllegalArgumentException(
          String.format(
              "arrays to join along axis %d must have one type and otherwise one shape, but were"
                  + " %s %s and %s %s",
              at, array.getDataType(), wanted, part.getDataType(), found));
    }
  }
}

package io.vivace.core.data;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Function;
import java.util.function.IntFunction;

/** An unmodifiable list whose elements are looked up, or made, each time they are asked for. */
final class IndexedView<T> extends AbstractList<T> implements RandomAccess {
  private final int size;
  private final IntFunction<? extends T> elements;

  IndexedView(int size, IntFunction<? extends T> elements) {
    this.size = size;
    this.elements = elements;
  }

  static <T> List<T> select(List<T> list, int[] indices) {
    return new IndexedView<>(indices.length, i -> list.get(indices[i]));
  }

  static <S, T> List<T> map(List<S> list, Function<? super S, ? extends T> function) {
    return new IndexedView<>(list.size(), i -> function.apply(list.get(i)));
  }

  static <T> List<T> concat(List<? extends T> first, List<? extends T> second) {
    int border = first.size();
    return new IndexedView<>(
        Math.addExact(border, second.size()),
        i -> i < border ? first.get(i) : second.get(i - border));
  }

  @Override
  public T get(int index) {
    Objects.checkIndex(index, size);
    T element = elements.apply(index);
    return Objects.requireNonNull(element, () -> "element " + index + " of the data is null");
  }

  @Override
  public int size() {
    return size;
  }
}

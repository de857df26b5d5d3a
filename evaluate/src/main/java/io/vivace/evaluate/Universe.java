package io.vivace.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The distinct labels of a data set in their natural order, or of first appearance if none. */
final class Universe {
  private Universe() {}

  static List<?> of(Iterable<?> labels) {
    Set<Object> distinct = new LinkedHashSet<>();
    labels.forEach(distinct::add);
    return sorted(distinct);
  }

  static List<?> ofSets(Iterable<?> sets) {
    Set<Object> distinct = new LinkedHashSet<>();
    for (Object set : sets) {
      ((Iterable<?>) set).forEach(distinct::add);
    }
    return sorted(distinct);
  }

  private static List<?> sorted(Set<Object> distinct) {
    List<Object> values = new ArrayList<>(distinct);
    if (values.stream().allMatch(value -> value instanceof Comparable<?>)
        && values.stream().map(Object::getClass).distinct().count() <= 1) {
      values.sort(null);
    }
    return values;
  }
}

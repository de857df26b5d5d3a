package io.vivace.evaluate.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Distinct values as numbers from 0, in their natural order, or of first appearance if none. */
final class Codes {
  private final int[] codes;
  private final List<Object> values;

  private Codes(int[] codes, List<Object> values) {
    this.codes = codes;
    this.values = values;
  }

  static Codes of(String what, List<?> members) {
    Map<Object, Integer> seen = new LinkedHashMap<>();
    for (Object member : members) {
      if (member.getClass().isArray()) {
        throw new IllegalArgumentException(
            String.format(
                "%s must have an equals of their own, but are of type %s: name them by texts or"
                    + " numbers",
                what, member.getClass().getSimpleName()));
      }
      seen.putIfAbsent(member, 0);
    }
    List<Object> values = ordered(new ArrayList<>(seen.keySet()));
    for (int code = 0; code < values.size(); code++) {
      seen.put(values.get(code), code);
    }
    return new Codes(members.stream().mapToInt(seen::get).toArray(), List.copyOf(values));
  }

  private static List<Object> ordered(List<Object> values) {
    if (!values.isEmpty()
        && values.stream().allMatch(value -> value instanceof Comparable<?>)
        && values.stream().map(Object::getClass).distinct().count() == 1) {
      values.sort(natural());
    }
    return values;
  }

  @SuppressWarnings("unchecked") // all values are of one comparable class
  private static Comparator<Object> natural() {
    return (Comparator<Object>) (Comparator<?>) Comparator.naturalOrder();
  }

  int size() {
    return codes.length;
  }

  int of(int member) {
    return codes[member];
  }

  int distinct() {
    return values.size();
  }

  Object value(int code) {
    return values.get(code);
  }

  /** How many members each code has. */
  int[] counts() {
    int[] counts = new int[distinct()];
    for (int code : codes) {
      counts[code]++;
    }
    return counts;
  }

  /** The members of each code, ascending. */
  int[][] members() {
    int[] counts = counts();
    int[][] members = new int[counts.length][];
    for (int code = 0; code < counts.length; code++) {
      members[code] = new int[counts[code]];
    }
    int[] filled = new int[counts.length];
    for (int i = 0; i < codes.length; i++) {
      members[codes[i]][filled[codes[i]]++] = i;
    }
    return members;
  }
}

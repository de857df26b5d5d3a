package io.vivace.optimize.internal;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which of the names that there are may have been meant by one that there is not. */
public final class NearestNames {
  private static final int SHOWN = 3;

  private NearestNames() {}

  /**
   * Finds names that resemble some that are not known.
   *
   * @param unknown names that were asked for
   * @param known names that there are
   * @return as text, for example {@code " (nearest: [a, b])"}: up to three names for each of the
   *     first three that are not known, by the number of characters to insert, delete or replace;
   *     empty if there are none
   */
  public static String of(Collection<String> unknown, Collection<String> known) {
    Set<String> found = new LinkedHashSet<>();
    for (String name : unknown.stream().limit(SHOWN).toList()) {
      Map<String, Integer> distances = new TreeMap<>();
      known.forEach(other -> distances.computeIfAbsent(other, key -> distance(name, key)));
      distances.entrySet().stream()
          .sorted(Map.Entry.comparingByValue())
          .limit(SHOWN)
          .forEach(entry -> found.add(entry.getKey()));
    }
    return found.isEmpty() ? "" : " (nearest: " + List.copyOf(found) + ")";
  }

  /** Levenshtein's, row by row. */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}

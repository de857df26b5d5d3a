package io.vivace.optimize.train.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Says which names there are, when one that there is not was asked for. */
public final class NearNames {
  private static final int ALL = 20;
  private static final int NEAREST = 8;

  private NearNames() {}

  /**
   * Lists the names for a message.
   *
   * @param asked the name that is not there
   * @param known those that are
   * @return all if they are at most 20, otherwise the 8 nearest by edit distance and how many there
   *     are
   */
  public static String of(String asked, Collection<String> known) {
    if (known.size() <= ALL) {
      return known.toString();
    }
    List<String> near =
        known.stream()
            .sorted(Comparator.comparingInt(name -> distance(asked, name)))
            .limit(NEAREST)
            .toList();
    return "among %d the nearest %s".formatted(known.size(), near);
  }

  /** How many characters must be put in, taken out or changed (Levenshtein, 1966). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = corner + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}

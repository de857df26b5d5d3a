package io.vivace.evaluate.metric;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the rows of a bootstrap sample are drawn, with replacement: how often each one is in it. */
interface Draws {
  /** Fills in how often each row is drawn. */
  void draw(SeededRandom random, int[] times);

  /** The rows that one step of the jackknife leaves out together. */
  int[][] units();

  /** Each row on its own. */
  static Draws plain(int rows) {
    return new Draws() {
      @Override
      public void draw(SeededRandom random, int[] times) {
        Arrays.fill(times, 0);
        for (int i = 0; i < rows; i++) {
          times[random.nextInt(rows)]++;
        }
      }

      @Override
      public int[][] units() {
        int[][] units = new int[rows][];
        Arrays.setAll(units, row -> new int[] {row});
        return units;
      }
    };
  }

  /** As many rows of each stratum as it has. */
  static Draws stratified(int[] strata) {
    int[][] members = members(strata);
    return new Draws() {
      @Override
      public void draw(SeededRandom random, int[] times) {
        Arrays.fill(times, 0);
        for (int[] stratum : members) {
          for (int i = 0; i < stratum.length; i++) {
            times[stratum[random.nextInt(stratum.length)]]++;
          }
        }
      }

      @Override
      public int[][] units() {
        return plain(strata.length).units();
      }
    };
  }

  /** Whole clusters, as many as there are. */
  static Draws clustered(int[] clusters) {
    int[][] members = members(clusters);
    return new Draws() {
      @Override
      public void draw(SeededRandom random, int[] times) {
        Arrays.fill(times, 0);
        for (int i = 0; i < members.length; i++) {
          for (int row : members[random.nextInt(members.length)]) {
            times[row]++;
          }
        }
      }

      @Override
      public int[][] units() {
        return members;
      }
    };
  }

  private static int[][] members(int[] groups) {
    Map<Integer, int[]> sizes = new LinkedHashMap<>();
    for (int group : groups) {
      sizes.computeIfAbsent(group, key -> new int[1])[0]++;
    }
    Map<Integer, int[]> members = new LinkedHashMap<>();
    sizes.forEach((group, size) -> members.put(group, new int[size[0]]));
    for (int row = groups.length - 1; row >= 0; row--) {
      int[] size = sizes.getOrDefault(groups[row], new int[1]);
      members.getOrDefault(groups[row], new int[1])[--size[0]] = row;
    }
    return members.values().toArray(int[][]::new);
  }
}

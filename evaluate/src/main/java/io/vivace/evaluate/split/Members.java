package io.vivace.evaluate.split;

import io.vivace.core.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a splitter knows of the data: how many members there are, the stratum of each (its class)
 * and its group (the patient, the user, the document it comes from). Immutable.
 */
public final class Members {
  private final int size;
  private final @Nullable List<?> strata;
  private final @Nullable List<?> groups;

  private Members(int size, @Nullable List<?> strata, @Nullable List<?> groups) {
    this.size = size;
    this.strata = strata;
    this.groups = groups;
  }

  /**
   * Describes members without strata and groups.
   *
   * @param size how many there are, at least 0
   * @return the members
   * @throws IllegalArgumentException if the size is negative
   */
  public static Members of(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("there cannot be " + size + " members: at least 0");
    }
    return new Members(size, null, null);
  }

  /**
   * Describes the examples of a data set: the strata are the labels. No input is made for it.
   *
   * @param data the examples
   * @return the members
   */
  public static Members of(Dataset<?, ?> data) {
    return new Members(data.size(), data.labels(), null);
  }

  /**
   * Says which stratum each member belongs to.
   *
   * @param values one per member, by {@code equals}
   * @return a changed copy
   * @throws IllegalArgumentException if there are not as many values as members
   */
  public Members strata(List<?> values) {
    return new Members(size, checked("strata", values), groups);
  }

  /**
   * Makes strata of a number per member, as for regression: equally many members in each, by the
   * rank of their number. Equal numbers are in the same stratum.
   *
   * @param values one per member, finite
   * @param strata how many, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if there are not as many values as members, a value is not
   *     finite, or {@code strata} is below 1
   */
  public Members quantileStrata(double[] values, int strata) {
    if (strata < 1) {
      throw new IllegalArgumentException("strata must be at least 1, but was " + strata);
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    List<Integer> codes = new ArrayList<>(values.length);
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("strata need finite values, but one is " + value);
      }
      codes.add((int) ((long) firstRank(sorted, value) * strata / sorted.length));
    }
    return strata(codes);
  }

  private static int firstRank(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Says which group each member belongs to: a group is never torn apart.
   *
   * @param values one per member, by {@code equals}
   * @return a changed copy
   * @throws IllegalArgumentException if there are not as many values as members
   */
  public Members groups(List<?> values) {
    return new Members(size, strata, checked("groups", values));
  }

  private List<?> checked(String what, List<?> values) {
    if (values.size() != size) {
      throw new IllegalArgumentException(
          String.format(
              "each member needs one of the %s, but there are %,d members and %,d %s",
              what, size, values.size(), what));
    }
    return List.copyOf(values);
  }

  /**
   * Returns how many members there are.
   *
   * @return at least 0
   */
  public int size() {
    return size;
  }

  Codes strata() {
    if (strata == null) {
      throw new IllegalArgumentException(
          "a stratified split needs the stratum of each member: give labels, or strata(...)");
    }
    return Codes.of("strata", strata);
  }

  Codes groups() {
    if (groups == null) {
      throw new IllegalArgumentException(
          "a split by groups needs the group of each member: give groups(...)");
    }
    return Codes.of("groups", groups);
  }

  /**
   * Returns what is known of some of the members.
   *
   * @param members their indices, from 0 to {@code size() - 1}
   * @return as many members, in that order
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public Members select(int... members) {
    return new Members(members.length, picked(strata, members), picked(groups, members));
  }

  private static @Nullable List<?> picked(@Nullable List<?> values, int[] members) {
    return values == null ? null : Arrays.stream(members).mapToObj(values::get).toList();
  }

  @Override
  public String toString() {
    return String.format(
        "Members[%,d%s%s]",
        size, strata == null ? "" : ", with strata", groups == null ? "" : ", with groups");
  }
}

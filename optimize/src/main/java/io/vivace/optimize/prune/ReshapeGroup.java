package io.vivace.optimize.prune;

import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring axes before a reshape that are other neighbouring axes after it, with the same
 * number of elements. Axes of 1 do not matter.
 */
record ReshapeGroup(List<Axis> before, List<Axis> after) {
  /** Compares sizes from the end, and what is left from the start, as far as they are known. */
  static List<ReshapeGroup> of(ChannelClasses classes, String input, String output) {
    List<ReshapeGroup> groups = new ArrayList<>();
    if (classes.rank(input) < 0 || classes.rank(output) < 0) {
      return groups;
    }
    List<@Nullable Axis> before = wide(classes.axes(input));
    List<@Nullable Axis> after = wide(classes.axes(output));
    while (take(before, after, true, groups) || take(before, after, false, groups)) {
      // as long as there is one
    }
    return groups;
  }

  private static List<@Nullable Axis> wide(@Nullable Axis[] axes) {
    List<@Nullable Axis> wide = new ArrayList<>();
    for (Axis axis : axes) {
      if (axis == null || axis.size() != 1) {
        wide.add(axis);
      }
    }
    return wide;
  }

  /** Takes the smallest group at one end off both lists. */
  private static boolean take(
      List<@Nullable Axis> before,
      List<@Nullable Axis> after,
      boolean fromEnd,
      List<ReshapeGroup> groups) {
    List<Axis> left = new ArrayList<>();
    List<Axis> right = new ArrayList<>();
    long products = 1;
    long other = 1;
    do {
      boolean isLeft = products <= other;
      List<@Nullable Axis> from = isLeft ? before : after;
      List<Axis> to = isLeft ? left : right;
      if (to.size() >= from.size()) {
        return false;
      }
      Axis next = from.get(fromEnd ? from.size() - 1 - to.size() : to.size());
      if (next == null) {
        return false;
      }
      to.add(fromEnd ? 0 : to.size(), next);
      products *= isLeft ? next.size() : 1;
      other *= isLeft ? 1 : next.size();
    } while (products != other || right.isEmpty());
    before
        .subList(fromEnd ? before.size() - left.size() : 0, fromEnd ? before.size() : left.size())
        .clear();
    after
        .subList(fromEnd ? after.size() - right.size() : 0, fromEnd ? after.size() : right.size())
        .clear();
    groups.add(new ReshapeGroup(left, right));
    return true;
  }

  /** Joins what one axis on each side allows; returns the axes that may change. */
  List<Axis> couple(ChannelClasses classes) {
    if (before.size() == 1) {
      return couple(classes, before.get(0), after);
    }
    return after.size() == 1 ? couple(classes, after.get(0), before) : List.of();
  }

  /** Of the parts of an axis, follows the first that is free: heads go before their widths. */
  private static List<Axis> couple(ChannelClasses classes, Axis whole, List<Axis> parts) {
    int chosen = 0;
    for (int i = parts.size() - 1; i >= 0; i--) {
      chosen = classes.isKept(parts.get(i)) ? chosen : i;
    }
    int inner = 1;
    for (int i = chosen + 1; i < parts.size(); i++) {
      inner *= parts.get(i).size();
    }
    Axis part = parts.get(chosen);
    for (int i = 0; i < whole.size(); i++) {
      classes.join(whole.first() + i, part.first() + i / inner % part.size());
    }
    return List.of(whole, part);
  }
}

package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The points of all trials of a study by number, those that are still running included. */
final class SeenPoints {
  private final Space space;
  private final List<double[]> points = new ArrayList<>();

  /** Null for choices, which have no order. */
  private final @Nullable AxisPoints[] along;

  SeenPoints(Space space) {
    this.space = space;
    along = new AxisPoints[space.size()];
    for (int d = 0; d < along.length; d++) {
      along[d] = space.axis(d).isCategorical() ? null : new AxisPoints(space.axis(d));
    }
  }

  /** Adds what a history has beyond the points seen; the first ones are the same. */
  void catchUp(History history) {
    int ended = history.finished().size();
    for (int i = size(); i < ended + history.pending().size(); i++) {
      add(i < ended ? history.finished().get(i).codes() : history.pending().get(i - ended));
    }
  }

  void add(double[] point) {
    points.add(point);
    for (int d = 0; d < along.length; d++) {
      AxisPoints axis = along[d];
      if (axis != null) {
        axis.add(point[d]);
      }
    }
  }

  int size() {
    return points.size();
  }

  Space space() {
    return space;
  }

  double code(int number, int d) {
    return points.get(number)[d];
  }

  /** The points along a numeric axis, or null. */
  @Nullable AxisPoints along(int d) {
    return along[d];
  }
}

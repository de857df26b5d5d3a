package io.vivace.evaluate.report;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame with two axes, and lines, bands and points in it. */
final class Plot {
  static final int WIDTH = 640;
  static final int HEIGHT = 400;
  static final double LEFT = 70;
  static final double RIGHT = 620;
  static final double TOP = 20;
  static final double BOTTOM = 340;
  private static final double LEGEND_LINE = 18;

  private final Svg svg = new Svg();
  private final Axis x;
  private final Axis y;

  Plot(Axis x, Axis y) {
    this.x = x;
    this.y = y;
    for (double mark : x.marks()) {
      svg.line("grid", x.at(mark), TOP, x.at(mark), BOTTOM);
      svg.text("mark", x.at(mark), BOTTOM + 18, "middle", Axis.text(mark));
    }
    for (double mark : y.marks()) {
      svg.line("grid", LEFT, y.at(mark), RIGHT, y.at(mark));
      svg.text("mark", LEFT - 8, y.at(mark) + 4, "end", Axis.text(mark));
    }
    svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM).line("axis", LEFT, TOP, LEFT, BOTTOM);
    svg.text("label", (LEFT + RIGHT) / 2, BOTTOM + 42, "middle", x.label());
    svg.upright("label", 18, (TOP + BOTTOM) / 2, y.label());
  }

  static Axis unit(String label, boolean horizontal) {
    return horizontal
        ? new Axis(label, 0, 1, false, LEFT, RIGHT)
        : new Axis(label, 0, 1, false, BOTTOM, TOP);
  }

  /** A line from one value to another that is there for comparison only. */
  Plot guide(double x1, double y1, double x2, double y2) {
    svg.line("guide", x.at(x1), y.at(y1), x.at(x2), y.at(y2));
    return this;
  }

  Plot line(Series series, int colour) {
    band(series.x(), series.lower(), series.upper(), colour);
    int from = 0;
    for (int i = 0; i <= series.x().length; i++) {
      if (i == series.x().length || !shows(series.x()[i], series.y()[i])) {
        svg.path(
            "line c" + colour % 8,
            x.at(Arrays.copyOfRange(series.x(), from, i)),
            y.at(Arrays.copyOfRange(series.y(), from, i)));
        from = i + 1;
      }
    }
    return this;
  }

  private void band(double[] at, double @Nullable [] lower, double @Nullable [] upper, int colour) {
    if (lower == null || upper == null) {
      return;
    }
    int[] good =
        java.util.stream.IntStream.range(0, at.length)
            .filter(i -> shows(at[i], lower[i]) && shows(at[i], upper[i]))
            .toArray();
    double[] px = new double[2 * good.length];
    double[] py = new double[2 * good.length];
    for (int i = 0; i < good.length; i++) {
      px[i] = x.at(at[good[i]]);
      py[i] = y.at(upper[good[i]]);
      px[px.length - 1 - i] = px[i];
      py[px.length - 1 - i] = y.at(lower[good[i]]);
    }
    svg.area("band c" + colour % 8, px, py);
  }

  Plot points(Series series, int colour, double radius) {
    for (int i = 0; i < series.x().length; i++) {
      point(series.name(), series.x()[i], series.y()[i], "point c" + colour % 8, radius);
    }
    return this;
  }

  Plot point(String name, double px, double py, String type, double radius) {
    if (shows(px, py)) {
      svg.dot(type, x.at(px), y.at(py), radius, name + ": " + Axis.text(px) + ", " + Axis.text(py));
    }
    return this;
  }

  Plot note(double px, double py, String text) {
    boolean right = x.at(px) < (LEFT + RIGHT) / 2;
    svg.text("note", x.at(px) + (right ? 8 : -8), y.at(py) - 8, right ? "start" : "end", text);
    return this;
  }

  /** Names the colours, in the corner given by {@code top}; nothing for a single unnamed line. */
  Plot legend(List<String> names, boolean top) {
    double first = top ? TOP + 14 : BOTTOM - 8 - LEGEND_LINE * (names.size() - 1);
    for (int i = 0; i < names.size(); i++) {
      double at = first + i * LEGEND_LINE;
      svg.box("key c" + i % 8, RIGHT - 14, at - 9, 10, 10, "");
      svg.text("note", RIGHT - 20, at, "end", names.get(i));
    }
    return this;
  }

  private boolean shows(double px, double py) {
    return x.shows(px) && y.shows(py);
  }

  String body() {
    return svg.toString();
  }
}

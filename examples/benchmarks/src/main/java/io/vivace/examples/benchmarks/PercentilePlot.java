package io.vivace.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;

/**
 * Draws latency over percentile, with the tail stretched as HdrHistogram's plots have it, into the
 * folder that {@code -Dvivace.plots=FOLDER} names; draws nothing without it.
 */
final class PercentilePlot {
  private static final String[] COLOURS = {
    "#1b6ca8", "#d1495b", "#66a182", "#edae49", "#6b4e71", "#444444"
  };
  private static final int WIDTH = 800;
  private static final int HEIGHT = 480;
  private static final int LEFT = 80;
  private static final int BOTTOM = 60;
  private static final int TOP = 40;

  /** The percentiles with a mark, as nines. */
  private static final double[] MARKS = {0, 50, 90, 99, 99.9, 99.99};

  private final String title;
  private final Map<String, AbstractHistogram> series = new LinkedHashMap<>();

  PercentilePlot(String title) {
    this.title = title;
  }

  PercentilePlot add(String name, AbstractHistogram nanos) {
    series.put(name, nanos);
    return this;
  }

  /** Writes {@code NAME.svg}. */
  void write(String name) throws IOException {
    String folder = System.getProperty("vivace.plots", "");
    if (!folder.isEmpty()) {
      Path target = Files.createDirectories(Path.of(folder)).resolve(name + ".svg");
      Files.writeString(target, svg());
    }
  }

  String svg() {
    double highest =
        series.values().stream().mapToDouble(AbstractHistogram::getMaxValue).max().orElse(1) / 1e3;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                + "<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>%n",
            WIDTH, HEIGHT, LEFT, title));
    axes(svg, highest);
    int colour = 0;
    for (Map.Entry<String, AbstractHistogram> each : series.entrySet()) {
      curve(svg, each.getKey(), each.getValue(), highest, colour++);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void axes(StringBuilder svg, double highest) {
    for (double mark : MARKS) {
      double x = x(mark);
      line(svg, x, TOP, x, HEIGHT - BOTTOM, "#ddd");
      text(svg, x - 12, HEIGHT - BOTTOM + 18, mark + " %");
    }
    for (int tick = 0; tick <= 4; tick++) {
      double micros = highest * tick / 4;
      line(svg, LEFT, y(micros, highest), WIDTH - 20, y(micros, highest), "#ddd");
      text(svg, 8, y(micros, highest) + 4, String.format(Locale.ROOT, "%.0f us", micros));
    }
  }

  private static void curve(
      StringBuilder svg, String name, AbstractHistogram nanos, double highest, int index) {
    String colour = COLOURS[index % COLOURS.length];
    StringBuilder points = new StringBuilder();
    for (double nines = 0; nines <= 4; nines += 0.05) {
      double percentile = 100 * (1 - Math.pow(10, -nines));
      double micros = nanos.getValueAtPercentile(percentile) / 1e3;
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(percentile), y(micros, highest)));
    }
    svg.append(
        String.format(
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
            colour, points.toString().strip()));
    svg.append(
        String.format(
            "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
            LEFT + 20, TOP + 20 + 18 * index, colour, name));
  }

  private static double x(double percentile) {
    double nines = -Math.log10(Math.max(1e-4, 1 - percentile / 100));
    return LEFT + nines / 4 * (WIDTH - 20 - LEFT);
  }

  private static double y(double micros, double highest) {
    return HEIGHT - BOTTOM - micros / highest * (HEIGHT - BOTTOM - TOP);
  }

  private static void line(
      StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
            x1,
            y1,
            x2,
            y2,
            colour));
  }

  private static void text(StringBuilder svg, double x, double y, String text) {
    svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>%n", x, y, text));
  }
}

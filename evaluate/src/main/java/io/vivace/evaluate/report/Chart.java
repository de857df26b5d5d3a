package io.vivace.evaluate.report;

import java.util.Locale;
import java.util.Objects;

/**
 * A drawing as SVG, which browsers, readmes and word processors show without a network. Immutable.
 * It follows the reader's light or dark setting; colours are told apart by colour-blind readers.
 *
 * <p>Made by {@link CurveChart}, {@link SearchChart}, {@link ConfusionChart} and {@link RankChart}.
 */
public final class Chart {
  private final String title;
  private final int width;
  private final int height;
  private final String body;

  Chart(String title, int width, int height, String body) {
    this.title = Objects.requireNonNull(title, "title");
    this.width = width;
    this.height = height;
    this.body = body;
  }

  /**
   * Returns what is drawn.
   *
   * @return the title, also read out by screen readers
   */
  public String title() {
    return title;
  }

  /**
   * Returns the drawing as a file of its own.
   *
   * @return an SVG document in UTF-8
   */
  public String toSvg() {
    return element("<style>" + Style.CHART + "</style>");
  }

  /** The drawing inside a page that holds the style already. */
  String inline() {
    return element("");
  }

  private String element(String style) {
    return String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" width=\"%1$d\""
            + " height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\"><title>%3$s</title>%4$s%5$s</svg>",
        width,
        height,
        Svg.escape(title),
        style,
        body);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "Chart[%s, %dx%d]", title, width, height);
  }
}

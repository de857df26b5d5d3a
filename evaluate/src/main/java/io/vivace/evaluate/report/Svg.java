package io.vivace.evaluate.report;

import java.util.Locale;

/**
 * Writes the elements of a drawing. Colours come from classes, so that one style sheet serves light
 * and dark; every text is escaped.
 */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  Svg line(String type, double x1, double y1, double x2, double y2) {
    return add(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>", type, x1, y1, x2, y2);
  }

  Svg box(String type, double x, double y, double width, double height, String hint) {
    out.append(
        fill(
            "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\">",
            type, x, y, width, height));
    return hint(hint).close("rect");
  }

  /** A box whose strength of colour is a share from 0 to 1. */
  Svg shaded(double x, double y, double width, double height, double share) {
    return add(
        "<rect class=\"shade\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill-opacity=\"%s\"/>",
        x, y, width, height, share);
  }

  Svg dot(String type, double x, double y, double radius, String hint) {
    out.append(fill("<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\">", type, x, y, radius));
    return hint(hint).close("circle");
  }

  /**
   * Writes a text.
   *
   * @param anchor start, middle or end
   */
  Svg text(String type, double x, double y, String anchor, String text) {
    out.append(
        fill("<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">", type, x, y, anchor));
    out.append(escape(text));
    return close("text");
  }

  /** Writes a text from bottom to top. */
  Svg upright(String type, double x, double y, String text) {
    out.append(
        fill(
            "<text class=\"%s\" transform=\"translate(%s %s) rotate(-90)\" text-anchor=\"middle\">",
            type, x, y));
    out.append(escape(text));
    return close("text");
  }

  Svg path(String type, double[] x, double[] y) {
    return path(type, x, y, "");
  }

  Svg area(String type, double[] x, double[] y) {
    return path(type, x, y, "Z");
  }

  private Svg path(String type, double[] x, double[] y, String end) {
    if (x.length == 0) {
      return this;
    }
    out.append("<path class=\"").append(type).append("\" d=\"");
    for (int i = 0; i < x.length; i++) {
      out.append(i == 0 ? 'M' : 'L').append(number(x[i])).append(' ').append(number(y[i]));
    }
    out.append(end).append("\"/>");
    return this;
  }

  private Svg hint(String hint) {
    if (!hint.isEmpty()) {
      out.append("<title>").append(escape(hint)).append("</title>");
    }
    return this;
  }

  private Svg close(String element) {
    out.append("</").append(element).append('>');
    return this;
  }

  private Svg add(String format, Object... values) {
    out.append(fill(format, values));
    return this;
  }

  private static String fill(String format, Object... values) {
    Object[] texts = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      texts[i] = values[i] instanceof Double number ? number(number) : values[i];
    }
    return String.format(Locale.ROOT, format, texts);
  }

  /** A coordinate with at most two decimals. */
  static String number(double value) {
    long hundredths = Math.round(value * 100);
    if (hundredths % 100 == 0) {
      return Long.toString(hundredths / 100);
    }
    return String.format(Locale.ROOT, hundredths % 10 == 0 ? "%.1f" : "%.2f", hundredths / 100.0);
  }

  /** Text as HTML and SVG may hold it. Characters that XML cannot hold become question marks. */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> safe.append(entity(c)));
    return safe.toString();
  }

  private static String entity(int c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      default -> isXml(c) ? Character.toString(c) : "?";
    };
  }

  private static boolean isXml(int c) {
    return c >= 0x20 && c != 0xFFFE && c != 0xFFFF && !(c >= 0xD800 && c <= 0xDFFF)
        || c == '\n'
        || c == '\t';
  }

  @Override
  public String toString() {
    return out.toString();
  }
}

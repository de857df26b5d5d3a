package io.vivace.evaluate.report;

/** Text as LaTeX shows it, and not as it would run it. */
final class Latex {
  private Latex() {}

  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> safe.append(escape(c)));
    return safe.toString();
  }

  private static String escape(int c) {
    return switch (c) {
      case '&', '%', '$', '#', '_', '{', '}' -> "\\" + (char) c;
      case '\\' -> "\\textbackslash{}";
      case '~' -> "\\textasciitilde{}";
      case '^' -> "\\textasciicircum{}";
      case '\n' -> " ";
      default -> Character.toString(c);
    };
  }
}

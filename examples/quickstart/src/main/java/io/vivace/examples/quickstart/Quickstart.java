package io.vivace.examples.quickstart;

import java.io.IOException;
import java.io.PrintStream;

/**
 * Runs two real models: one finds the sentences nearest to a query, the other names clothes in
 * pictures, on two engines.
 *
 * <pre>{@code ./mvnw -q -pl examples/quickstart -am compile exec:java}</pre>
 */
public final class Quickstart {
  private static final String QUERY = "My credit card did not work.";

  private Quickstart() {}

  /**
   * Runs both parts.
   *
   * @param args nothing, or {@code --text "a query of one's own"}
   * @throws IOException if the data that ship with the example cannot be read
   */
  public static void main(String[] args) throws IOException {
    run(query(args), System.out);
  }

  static void run(String query, PrintStream out) throws IOException {
    SemanticSearch.run(query, out);
    out.println();
    FashionClassifier.run(out);
  }

  static String query(String[] args) {
    if (args.length == 0) {
      return QUERY;
    }
    if (args.length == 2 && args[0].equals("--text") && !args[1].isBlank()) {
      return args[1];
    }
    throw new IllegalArgumentException(
        "usage: --text \"a query\", but was " + String.join(" ", args));
  }
}

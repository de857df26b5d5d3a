package io.vivace.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Short English texts of all subjects: the examples of use in WordNet 3.0, of 5 to 12 words. They
 * are in Debian's package {@code wordnet-base} ({@code apt-get download} and {@code dpkg -x}); its
 * folder {@code usr/share/wordnet} is named by {@code -Dvivace.wordnet}.
 */
final class WordnetTexts {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
  private static final int LEAST_WORDS = 5;
  private static final int MOST_WORDS = 12;

  private WordnetTexts() {}

  /** Reads all texts, each once, in an order that is the same each time. */
  static List<String> read(Path folder) throws IOException {
    Set<String> texts = new TreeSet<>();
    for (String part : List.of("adj", "adv", "noun", "verb")) {
      for (String line :
          Files.readAllLines(folder.resolve("data." + part), StandardCharsets.ISO_8859_1)) {
        if (!line.startsWith(" ")) { // the licence
          add(line.substring(Math.max(0, line.indexOf('|'))), texts);
        }
      }
    }
    List<String> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, new Random(1));
    return shuffled;
  }

  private static void add(String explanation, Set<String> texts) {
    Matcher quoted = QUOTED.matcher(explanation);
    while (quoted.find()) {
      String text = quoted.group(1).strip();
      int words = text.split("\\s+").length;
      if (words >= LEAST_WORDS && words <= MOST_WORDS) {
        texts.add(text);
      }
    }
  }
}

package io.vivace.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The parts of a suite; {@code -Dvivace.only=REGEX} chooses some by their names. */
final class Sections {
  /** Measures one part. */
  @FunctionalInterface
  interface Section {
    void run() throws Exception;
  }

  private final Map<String, Section> sections = new LinkedHashMap<>();

  Sections add(String name, Section section) {
    sections.put(name, section);
    return this;
  }

  void run() throws Exception {
    Pattern only = Pattern.compile(System.getProperty("vivace.only", ""));
    for (Map.Entry<String, Section> each : sections.entrySet()) {
      if (only.matcher(each.getKey()).find()) {
        each.getValue().run();
      }
    }
  }
}

package io.vivace.optimize;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.vivace.optimize.internal.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trials of a search, a line of JSON each, the first one about model and pipeline. A line that
 * was cut off when the program was killed is dropped.
 */
final class TrialJournal {
  private static final Gson JSON = new Gson();

  private final Path file;
  private final Map<Assignment, Trial> trials = new HashMap<>();
  private @Nullable Double originalQuality;
  private double originalLatency = Double.NaN;

  private TrialJournal(Path file) {
    this.file = file;
  }

  private record Header(String model, List<String> steps) {}

  /** Numbers that JSON does not know are left out. */
  private record Line(
      @Nullable List<Map<String, Integer>> levels,
      @Nullable Double original,
      @Nullable Double originalLatency,
      long bytes,
      long nonZeros,
      @Nullable Double quality,
      @Nullable Double latency,
      @Nullable Double noise) {}

  static TrialJournal open(Path file, String modelSha256, List<Step> steps) {
    Header header = new Header(modelSha256, steps.stream().map(Object::toString).toList());
    TrialJournal journal = new TrialJournal(file);
    try {
      if (Files.notExists(file)) {
        journal.replace(JSON.toJson(header) + "\n");
      } else {
        journal.read(header);
      }
      return journal;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot use the journal %s: %s; give a file in a folder that exists and can be written"
              .formatted(file, e),
          e);
    }
  }

  private void read(Header wanted) throws IOException {
    // Not strictly, which a line that ends within a letter would not survive.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !wanted.equals(parse(lines.get(0), Header.class))) {
      throw new IllegalArgumentException(
          "%s is not the journal of a search of this model with these steps; name another file"
              .formatted(file));
    }
    StringBuilder whole = new StringBuilder(lines.get(0)).append('\n');
    for (String line : lines.subList(1, lines.size())) {
      Line read = parse(line, Line.class);
      if (read != null) {
        add(read);
        whole.append(line).append('\n');
      }
    }
    if (!whole.toString().equals(text)) {
      replace(whole.toString());
    }
  }

  /** At once: a kill in between leaves the lines that were there. */
  private void replace(String text) {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static <T> @Nullable T parse(String line, Class<T> type) {
    try {
      return JSON.fromJson(line, type);
    } catch (JsonParseException e) {
      return null;
    }
  }

  private void add(Line line) {
    if (line.original() != null) {
      originalQuality = line.original();
    }
    if (line.originalLatency() != null) {
      originalLatency = line.originalLatency();
    }
    if (line.levels() != null) {
      trials.put(
          new Assignment(line.levels()),
          new Trial(
              line.bytes(),
              line.nonZeros(),
              number(line.quality()),
              number(line.latency()),
              number(line.noise())));
    }
  }

  private static double number(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  @Nullable Double originalQuality() {
    return originalQuality;
  }

  void originalQuality(double quality) {
    write(new Line(null, finite(quality), null, 0, 0, null, null, null));
  }

  /** The original's median in nanoseconds, by which those of trials were scaled; NaN if none. */
  double originalLatency() {
    return originalLatency;
  }

  void originalLatency(double nanos) {
    originalLatency = nanos;
    write(new Line(null, null, finite(nanos), 0, 0, null, null, null));
  }

  @Nullable Trial find(Assignment assignment) {
    return trials.get(assignment);
  }

  void append(Assignment assignment, Trial trial) {
    write(
        new Line(
            assignment.steps(),
            null,
            null,
            trial.bytes(),
            trial.nonZeros(),
            finite(trial.quality()),
            finite(trial.latencyNanos()),
            finite(trial.noise())));
  }

  private void write(Line line) {
    try {
      Files.writeString(file, JSON.toJson(line) + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the journal " + file + ": " + e, e);
    }
  }
}

package io.vivace.examples.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Python process that runs the peer's calls one at a time. The interpreter is named by the system
 * property {@code vivace.python}, by default {@code python3}.
 */
final class PythonPeer implements AutoCloseable {
  /** One run of a call. */
  record Run(double seconds, double value) {}

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final String name;

  private PythonPeer(
      Process process, BufferedReader answers, BufferedWriter questions, String name) {
    this.process = process;
    this.answers = answers;
    this.questions = questions;
    this.name = name;
  }

  /** Starts a script of this module's resources; nothing where Python or its libraries lack. */
  static Optional<PythonPeer> start(String resource, Path folder, String... arguments)
      throws IOException {
    String python = System.getProperty("vivace.python", "python3");
    Path script = folder.resolve(resource);
    try (InputStream in = PythonPeer.class.getResourceAsStream(resource)) {
      Files.copy(in, script);
    }
    List<String> command = new ArrayList<>(List.of(python, script.toString(), folder.toString()));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process =
          new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
    } catch (IOException absent) {
      System.err.println("peer skipped: " + absent.getMessage() + "; name one by -Dvivace.python");
      return Optional.empty();
    }
    BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
    String first = answers.readLine();
    if (first == null || !first.startsWith("ready ")) {
      process.destroy();
      System.err.printf(
          "peer skipped: %s says %s%n",
          python,
          Files.readString(folder.resolve("errors")).strip().lines().reduce("", (a, b) -> b));
      return Optional.empty();
    }
    return Optional.of(
        new PythonPeer(
            process,
            answers,
            process.outputWriter(StandardCharsets.UTF_8),
            first.substring("ready ".length())));
  }

  static void write(Path file, int... values) throws IOException {
    byte[] bytes = new byte[values.length * Integer.BYTES];
    little(bytes).asIntBuffer().put(values);
    Files.write(file, bytes);
  }

  static void write(Path file, double... values) throws IOException {
    byte[] bytes = new byte[values.length * Double.BYTES];
    little(bytes).asDoubleBuffer().put(values);
    Files.write(file, bytes);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  String name() {
    return name;
  }

  Run run(String call) throws IOException {
    questions.write(call);
    questions.newLine();
    questions.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the peer died at " + call);
    }
    String[] parts = answer.split(" ", -1);
    return new Run(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
  }

  @Override
  public void close() throws IOException {
    questions.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

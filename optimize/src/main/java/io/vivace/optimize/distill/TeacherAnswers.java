package io.vivace.optimize.distill;

import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.internal.AtomicFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The answers of one teacher, computed once, and kept in a file if wished. The file names the
 * inputs and ends with a checksum. That it is of this teacher shows when a few inputs are asked
 * about again: a predictor does not tell what model is behind it.
 */
final class TeacherAnswers {
  private static final int VERSION = 0x76694b32;

  /** What an engine's answers to the same input may differ by from run to run. */
  private static final double SAME_ANSWER = 1e-3;

  private TeacherAnswers() {}

  static <X> List<float[]> of(
      Predictor<X, float[]> teacher, List<X> inputs, Optional<Path> cache, Asking asking) {
    Optional<String> key = cache.map(file -> Dataset.of(inputs, inputs).contentHash());
    if (cache.isPresent() && Files.exists(cache.get())) {
      Optional<List<float[]>> kept = read(cache.get(), key.orElseThrow(), inputs.size());
      if (kept.isPresent() && isOf(teacher, inputs, kept.get())) {
        asking.have(inputs.size());
        return kept.get();
      }
    }
    List<float[]> answers = asking.ask(teacher, inputs);
    cache.ifPresent(file -> write(file, key.orElseThrow(), answers));
    return answers;
  }

  private static <X> boolean isOf(
      Predictor<X, float[]> teacher, List<X> inputs, List<float[]> kept) {
    return IntStream.of(0, inputs.size() / 2, inputs.size() - 1)
        .allMatch(i -> isClose(teacher.predict(inputs.get(i)), kept.get(i)));
  }

  private static boolean isClose(float[] found, float[] kept) {
    return found.length == kept.length
        && IntStream.range(0, kept.length)
            .allMatch(c -> Math.abs(found[c] - kept[c]) <= SAME_ANSWER * (1 + Math.abs(kept[c])));
  }

  private static void write(Path file, String key, List<float[]> answers) {
    AtomicFile.write(
        file,
        out -> {
          CheckedOutputStream summed = new CheckedOutputStream(out, new CRC32());
          DataOutputStream data = new DataOutputStream(new BufferedOutputStream(summed));
          data.writeInt(VERSION);
          data.writeUTF(key);
          data.writeInt(answers.size());
          data.writeInt(answers.get(0).length);
          for (float[] answer : answers) {
            for (float score : answer) {
              data.writeFloat(score);
            }
          }
          data.flush();
          data.writeLong(summed.getChecksum().getValue());
          data.flush();
        });
  }

  /** Empty if the file is of another teacher or other data, or damaged: then it is asked again. */
  private static Optional<List<float[]>> read(Path file, String key, int count) {
    CRC32 sum = new CRC32();
    try (DataInputStream in =
        new DataInputStream(
            new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), sum))) {
      if (in.readInt() != VERSION || !in.readUTF().equals(key) || in.readInt() != count) {
        return Optional.empty();
      }
      int width = in.readInt();
      if (width < 0 || (long) width * count * Float.BYTES > Files.size(file)) {
        return Optional.empty();
      }
      List<float[]> answers = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        float[] answer = new float[width];
        for (int c = 0; c < width; c++) {
          answer[c] = in.readFloat();
        }
        answers.add(answer);
      }
      long found = sum.getValue();
      return in.readLong() == found && in.read() < 0 ? Optional.of(answers) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

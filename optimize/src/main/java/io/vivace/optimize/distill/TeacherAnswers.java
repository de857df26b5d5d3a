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

/** The answers of one teacher, computed once, and kept in a file if wished. */
final class TeacherAnswers {
  private static final int VERSION = 0x76694b31;
  private static final int CHUNK = 256;

  private TeacherAnswers() {}

  static <X> List<float[]> of(Predictor<X, float[]> teacher, List<X> inputs, Optional<Path> cache) {
    Optional<String> key = cache.map(file -> Dataset.of(inputs, inputs).contentHash());
    if (cache.isPresent() && Files.exists(cache.get())) {
      Optional<List<float[]>> kept = read(cache.get(), key.orElseThrow(), inputs.size());
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    List<float[]> answers = new ArrayList<>(inputs.size());
    for (int from = 0; from < inputs.size(); from += CHUNK) {
      answers.addAll(
          teacher.predictAll(inputs.subList(from, Math.min(inputs.size(), from + CHUNK))));
    }
    check(answers);
    cache.ifPresent(file -> write(file, key.orElseThrow(), answers));
    return answers;
  }

  private static void check(List<float[]> answers) {
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).length != answers.get(0).length) {
        throw new IllegalArgumentException(
            "the teacher's answers differ in length: %d for example 0, %d for example %d"
                .formatted(answers.get(0).length, answers.get(i).length, i));
      }
      for (float score : answers.get(i)) {
        if (!Float.isFinite(score)) {
          throw new IllegalArgumentException(
              "the teacher's answer for example %d holds %s".formatted(i, score));
        }
      }
    }
  }

  private static void write(Path file, String key, List<float[]> answers) {
    AtomicFile.write(
        file,
        out -> {
          DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out));
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
        });
  }

  /** Empty if the file is of other data, or cut short: then the teacher is asked again. */
  private static Optional<List<float[]>> read(Path file, String key, int count) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
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
      return Optional.of(answers);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

package io.vivace.optimize.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Training in a JVM that is killed, or whose disk is full. */
@Timeout(120)
class KilledRunTest {
  @TempDir Path folder;

  private byte[] weights(TrainedModel<float[], float[]> model) throws IOException {
    Path file = folder.resolve("weights");
    model.save(file);
    return Files.readAllBytes(file);
  }

  private List<String> lines(Process process) throws IOException {
    try (BufferedReader output = process.inputReader()) {
      return output.lines().toList();
    }
  }

  /** Kills the process, while it works, after it has said so many steps; returns those it said. */
  private int killedAfter(int steps, Path checkpoint) throws Exception {
    Process process = KilledRun.start(checkpoint, folder.resolve("log"));
    int said = 0;
    try (BufferedReader output = process.inputReader()) {
      while (said < steps && output.readLine() != null) {
        said++;
      }
      process.toHandle().destroyForcibly(); // unlike the process, it leaves what was said
      said += (int) output.lines().filter(line -> line.startsWith(KilledRun.STEP)).count();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isNotZero();
    return said;
  }

  @Test
  void resume_afterKillsAtRandomSteps_givesTheSameBits() throws Exception {
    byte[] whole;
    try (TrainedModel<float[], float[]> model = KilledRun.trainer().build().fit(KilledRun.data())) {
      whole = weights(model);
    }
    Path checkpoint = folder.resolve("checkpoint");
    Random random = new Random();
    int first = killedAfter(2 + random.nextInt(KilledRun.STEPS / 4), checkpoint);
    int second = killedAfter(2 + random.nextInt(KilledRun.STEPS / 4), checkpoint);
    int[] left = new int[1];
    try (TrainedModel<float[], float[]> model =
        KilledRun.trainer()
            .checkpoint(checkpoint)
            .resume(true)
            .augmentation((image, unused) -> count(image, left))
            .build()
            .fit(KilledRun.data())) {
      assertThat(weights(model)).as("killed after %d and %d steps", first, second).isEqualTo(whole);
      assertThat(model.learningCurve().epochs()).hasSize(KilledRun.EPOCHS);
    }
    // Each killed JVM repeats at most the step that it was in.
    assertThat(left[0] / 32).isLessThanOrEqualTo(KilledRun.STEPS - first - second + 3);
  }

  private static float[] count(float[] image, int[] counted) {
    counted[0]++;
    return image;
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void fit_diskThatIsFull_goesOn_andLeavesTheOldCheckpoint() throws Exception {
    Path checkpoint = folder.resolve("checkpoint");
    String answers;
    try (TrainedModel<float[], float[]> model = KilledRun.trainer().build().fit(KilledRun.data())) {
      answers = KilledRun.answers(model);
    }
    killedAfter(KilledRun.STEPS / 4, checkpoint);
    byte[] before = Files.readAllBytes(checkpoint);
    // The largest file that the process may write: 16 blocks of 512 or 1,024 bytes.
    Process process =
        KilledRun.start(
            checkpoint, folder.resolve("log"), "/bin/sh", "-c", "ulimit -f 16; exec \"$@\"", "sh");
    List<String> said = new ArrayList<>(lines(process));
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said).as(Files.readString(folder.resolve("log"))).last().isEqualTo(answers);
    assertThat(checkpoint).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".part"))).hasSizeLessThan(2);
    }
  }
}

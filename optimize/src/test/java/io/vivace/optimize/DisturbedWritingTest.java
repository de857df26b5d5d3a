package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl;
import com.google.gson.Gson;
import com.google.protobuf.WireFormat;
import io.vivace.core.Progress;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.quantize.Quantization;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** A JVM of its own is killed while it writes, or may not write so much: nothing is half there. */
@Timeout(60)
class DisturbedWritingTest {
  private static final String WRITING = "writing";
  private static final int REFUSED = 7;

  @TempDir Path folder;

  @Test
  void saveTo_killedWhileWriting_leavesInputAndTargetAsTheyWere() throws Exception {
    Path source = Files.copy(TestModels.file(TestModels.FASHION), folder.resolve("source.onnx"));
    Path target = Files.writeString(folder.resolve("target.onnx"), "the one before");
    byte[] before = Files.readAllBytes(source);
    Process process = start(List.of(), source, target, "wait");
    try (BufferedReader output = output(process)) {
      String line = output.readLine();
      while (line != null && !line.equals(WRITING)) {
        line = output.readLine();
      }
      assertThat(line).isEqualTo(WRITING);
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(source).hasBinaryContent(before);
    assertThat(target).hasContent("the one before");
  }

  @Test
  void saveTo_diskFull_saysSoAndLeavesNothing() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell that limits files");
    Path source = Files.copy(TestModels.file(TestModels.FASHION), folder.resolve("source.onnx"));
    byte[] before = Files.readAllBytes(source);
    Path target = folder.resolve("target.onnx");
    // The largest file that the process may write: 64 blocks of 512 or 1,024 bytes.
    Process process =
        start(List.of("/bin/sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"), source, target, "go");
    try (BufferedReader output = output(process)) {
      assertThat(output.lines().toList()).anyMatch(line -> line.contains("target.onnx"));
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(process.exitValue()).isEqualTo(REFUSED);
    assertThat(source).hasBinaryContent(before);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(source);
    }
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Process start(List<String> shell, Path source, Path target, String mode)
      throws IOException, URISyntaxException {
    List<String> command = new ArrayList<>(shell);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData", // a file of its own in the temporary folder
            "-cp",
            classPath(),
            DisturbedWritingTest.class.getName(),
            source.toString(),
            target.toString(),
            mode));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String classPath() throws URISyntaxException {
    List<Class<?>> types =
        List.of(
            DisturbedWritingTest.class,
            Compression.class,
            ModelSource.class,
            WireFormat.class,
            Gson.class,
            OnnxMl.class,
            Logger.class);
    List<String> entries = new ArrayList<>();
    for (Class<?> type : types) {
      entries.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  /** What the JVM does: in mode "wait" it stops for ever in the middle of the file. */
  public static void main(String[] args) {
    Progress progress =
        step -> {
          if (args[2].equals("wait") && step.stage().equals("write")) {
            System.out.println(WRITING);
            waitForEver();
          }
        };
    try {
      Compression.of(ModelSource.path(Path.of(args[0])))
          .quantize(Quantization.dynamicInt8())
          .progress(progress)
          .unchecked()
          .saveTo(Path.of(args[1]));
    } catch (UncheckedIOException e) {
      System.out.println(e.getMessage());
      System.exit(REFUSED);
    }
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

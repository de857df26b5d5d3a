package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.WireFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.quantize.Quantization;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/**
 * A model of 90 MB is quantized, and written untouched, by a JVM that has less than half as much
 * memory for heap and buffers together.
 */
class SmallMemoryTest {
  @TempDir Path folder;

  @Test
  void quantize_inSmallJvm_needsLessThanTheFile() throws Exception {
    Path source = TestModels.file(TestModels.MINILM).toAbsolutePath();
    assertThat(source).hasSize(90_387_606);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:MaxDirectMemorySize=8m",
                "-cp",
                classPath(
                    SmallMemoryTest.class,
                    Compression.class,
                    ModelSource.class,
                    WireFormat.class,
                    Logger.class),
                SmallMemoryTest.class.getName(),
                source.toString(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(folder.resolve("copy.onnx")).hasSameBinaryContentAs(source);
    assertThat(folder.resolve("small.onnx").toFile().length()).isBetween(20L << 20, 23L << 20);
  }

  private static String classPath(Class<?>... classes) throws URISyntaxException {
    List<String> entries = new ArrayList<>();
    for (Class<?> type : classes) {
      entries.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  /** What the small JVM does. */
  public static void main(String[] arguments) throws IOException {
    Path source = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(source))) {
      model.save(folder.resolve("copy.onnx"));
      Quantization.dynamicInt8().apply(model, PassContext.defaults());
      model.save(folder.resolve("small.onnx"));
    }
  }
}

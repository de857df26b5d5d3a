package io.vivace.engines.onnxruntime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.serve.ModelLocation;
import io.vivace.core.serve.PredictorRecipe;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A recipe is written in one JVM and opened in another one, with a real model. */
@Timeout(120)
class RecipeInOtherJvmTest {
  private static final int LENGTH = 3;

  private static PredictorRecipe<float[], float[]> recipe() {
    return PredictorRecipe.<float[], float[]>of(
            ModelLocation.classpath("/io/vivace/engines/onnxruntime/pass-through.onnx"),
            () -> VectorInput.floats(LENGTH),
            () -> VectorOutput.floats().named("twice"))
        .configured(builder -> builder.name("sent").concurrency(1))
        .idle(Duration.ZERO);
  }

  @Test
  void open_inOtherJvm_sharesOnePredictorThatAnswers(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("recipe.ser");
    PredictorRecipe<float[], float[]> recipe = recipe();
    try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(file))) {
      out.writeObject(recipe);
    }
    List<String> lines = java(file);
    float[] item = item();
    try (Predictor<float[], float[]> here = recipe.open()) {
      assertThat(lines)
          .contains(
              "recipe " + recipe,
              "first " + Arrays.toString(here.predict(item)),
              "second " + Arrays.toString(here.predict(item)),
              "open 2",
              "open 0");
    }
  }

  private static float[] item() {
    float[] item = new float[LENGTH];
    for (int i = 0; i < item.length; i++) {
      item[i] = i + 0.5f;
    }
    return item;
  }

  private static List<String> java(Path file) throws IOException, InterruptedException {
    String executable = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(executable, "-Xmx256m", "-Dai.djl.offline=true", "-cp");
    builder.command().add(System.getProperty("java.class.path"));
    builder.command().add(Task.class.getName());
    builder.command().add(file.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.lines().toList();
  }

  /** What an executor does with the recipe that it was sent, twice. */
  static final class Task {
    private Task() {}

    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[0]);
      PredictorRecipe<float[], float[]> one = (PredictorRecipe<float[], float[]>) read(file);
      PredictorRecipe<float[], float[]> two = (PredictorRecipe<float[], float[]>) read(file);
      System.out.println("recipe " + one);
      try (Predictor<float[], float[]> first = one.open();
          Predictor<float[], float[]> second = two.open()) {
        System.out.println("first " + Arrays.toString(first.predict(item())));
        System.out.println("second " + Arrays.toString(second.predict(item())));
        System.out.println("open " + one.openCount());
      }
      System.out.println("open " + one.openCount());
    }

    private static Object read(Path file) throws Exception {
      try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
        return in.readObject();
      }
    }
  }
}

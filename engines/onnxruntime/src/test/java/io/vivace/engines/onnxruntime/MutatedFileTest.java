package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.engines.contract.ContractModels;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Broken files give an error or a model, never a crash or a hang of the JVM, in which this runs.
 */
class MutatedFileTest {
  private static final int MUTATIONS = 1_000;

  @Test
  @Timeout(300)
  void build_mutationsOfARealFile_giveAnErrorOrAModel() throws IOException {
    byte[] original = Files.readAllBytes(ContractModels.file("digits-mlp", ModelFormat.ONNX));
    Random random = new Random(20_26);
    int opened = 0;
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      if (opens(mutate(original, random))) {
        opened++;
      } else {
        refused++;
      }
    }
    assertThat(opened).as("harmless mutations, of weights above all").isPositive();
    assertThat(refused).as("harmful mutations").isPositive();
  }

  private static boolean opens(byte[] file) {
    try (var predictor =
        Predictor.builder()
            .model(ModelSource.bytes("mutated.onnx", file))
            .input(VectorInput.floats(64))
            .output(VectorOutput.floats())
            .engine("OnnxRuntime")
            .build()) {
      predictor.predict(new float[64]);
      return true;
    } catch (ModelLoadException | EngineException | IllegalArgumentException e) {
      assertThat(e).hasMessageMatching("(?s).{20,}");
      return false;
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] file = original.clone();
    int at = position(file.length, random);
    switch (random.nextInt(5)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> file[at] = (byte) random.nextInt(256);
      case 2 -> random.ints(4).forEach(value -> file[position(file.length, random)] = (byte) value);
      case 3 -> {
        return Arrays.copyOf(file, at);
      }
      default -> {
        int length = Math.min(1 + random.nextInt(8), file.length - at);
        System.arraycopy(file, at + length, file, at, file.length - at - length);
        return Arrays.copyOf(file, file.length - length);
      }
    }
    return file;
  }

  /** Most bytes are weights: every other hit goes to the graph, which lies at either end. */
  private static int position(int length, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(600);
      case 1 -> length - 1 - random.nextInt(600);
      default -> random.nextInt(length);
    };
  }
}

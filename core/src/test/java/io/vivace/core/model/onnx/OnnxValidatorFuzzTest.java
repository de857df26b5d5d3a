package io.vivace.core.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files are refused or pass: nothing else is thrown, and nothing takes long. */
class OnnxValidatorFuzzTest {
  private static final int MUTATIONS = 1_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {TestModels.DIGITS, TestModels.CLASSIFIER})
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void validate_mutationOfARealFile_isRefusedOrPasses(String resource) throws IOException {
    byte[] original = Files.readAllBytes(TestModels.file(resource));
    int refused = 0;
    for (long seed = 0; seed < MUTATIONS; seed++) {
      refused += isRefused(Mutations.mutate(original, seed), seed) ? 1 : 0;
    }
    assertThat(refused).isBetween(MUTATIONS / 4, MUTATIONS - 1);
  }

  private boolean isRefused(byte[] bytes, long seed) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), bytes);
    try {
      OnnxValidator.validate(file);
      return false;
    } catch (ModelLoadException e) {
      assertThat(e).hasMessageContaining("model.onnx");
      return true;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}

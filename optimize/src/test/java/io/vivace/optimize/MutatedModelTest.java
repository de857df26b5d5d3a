package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.InferenceException;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Truncated and bit-flipped files through the whole pipeline: a clear error, or a model that reads.
 * The benchmark suite {@code fuzz} does a thousand of them.
 */
class MutatedModelTest {
  private static final int MUTATIONS = 50;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {TestModels.FASHION, TestModels.CLASSIFIER})
  @Timeout(60)
  void saveTo_mutatedModel_refusesOrWritesAModelThatReads(String resource) throws IOException {
    byte[] original = Files.readAllBytes(TestModels.file(resource));
    Path file = folder.resolve("mutated.onnx");
    Path target = folder.resolve("target.onnx");
    int written = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      byte[] mutated = mutated(original, new SplittableRandom(seed));
      Files.write(file, mutated);
      try {
        Compression.of(ModelSource.path(file))
            .prune(Pruning.magnitude().sparsity(0.5))
            .share(WeightSharing.kMeans(4))
            .quantize(Quantization.dynamicInt8())
            .timing(Duration.ZERO)
            .saveTo(target);
      } catch (InferenceException | GraphException e) {
        assertThat(e).as("seed %d", seed).hasMessageMatching("(?s).{20,}");
      }
      if (Files.exists(target)) {
        ModelGraph.open(ModelSource.path(target)).close();
        Files.delete(target);
        written++;
      }
      assertThat(file).hasBinaryContent(mutated);
      try (Stream<Path> left = Files.list(folder)) {
        assertThat(left).as("seed %d", seed).containsExactly(file);
      }
    }
    assertThat(written).isBetween(1, MUTATIONS - 1);
  }

  /** A quarter is cut off; others have up to four bits turned, half of them outside the weights. */
  private static byte[] mutated(byte[] original, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(original, random.nextInt(original.length));
    }
    byte[] bytes = original.clone();
    int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 4_096);
    boolean fromTheEnd = random.nextBoolean();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      int at = random.nextInt(reach);
      bytes[fromTheEnd ? bytes.length - 1 - at : at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return bytes;
  }
}

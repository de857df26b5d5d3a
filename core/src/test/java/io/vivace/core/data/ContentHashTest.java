package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashTest {
  @TempDir Path folder;

  private record Point(int x, double y) {}

  private enum Colour {
    RED
  }

  /** Computed with Python's hashlib and struct from the form that ContentDigest describes. */
  @Test
  void contentHash_numbersAndTexts_equalsPython() {
    Dataset<double[], String> data =
        Dataset.of(
            List.of(new double[] {1, Double.NaN}, new double[] {2.5, -0.0}),
            List.of("a", "\u00fc"));
    assertThat(data.contentHash())
        .isEqualTo("551e1d885774e1bcc48ee4e39c07c52b28b869602a0ed5c29ad1601b281dd92d");
  }

  @Test
  void contentHash_sameContentOtherwiseMade_isEqual() {
    Dataset<Integer, Integer> lazy = Dataset.lazy(6, i -> i % 3, i -> i / 3);
    Dataset<Integer, Integer> listed =
        Dataset.of(List.of(0, 1, 2, 0, 1, 2), List.of(0, 0, 0, 1, 1, 1));
    assertThat(lazy.contentHash()).isEqualTo(listed.contentHash());
    assertThat(lazy.slice(1, 4).contentHash()).isEqualTo(listed.select(1, 2, 3).contentHash());
  }

  @Test
  void contentHash_anythingChanged_differs() {
    assertThat(hashes("ab", "ba", List.of("a", "b"), List.of("ab"), List.of("a", List.of("b"))))
        .hasSize(5);
    assertThat(hashes(0.0, -0.0, 0, 1, true, false, "0", new double[] {0}, new int[] {0}, 0.1f))
        .hasSize(10);
    assertThat(hashes(new byte[] {1, 2}, new byte[] {2, 1}, new boolean[] {true})).hasSize(3);
    Dataset<Integer, Integer> data = Dataset.lazy(3, i -> i, i -> 0);
    assertThat(data.contentHash())
        .isNotEqualTo(data.select(0, 2, 1).contentHash())
        .isNotEqualTo(data.mapLabels(label -> 1).contentHash())
        .isNotEqualTo(data.slice(0, 2).contentHash());
  }

  @Test
  void contentHash_sameValueInOtherForm_isEqual() {
    assertThat(hashes(7, 7L, (short) 7)).hasSize(1);
    assertThat(hashes("x", 'x', java.nio.CharBuffer.wrap("x"))).hasSize(1);
    assertThat(hashes(Colour.RED, "RED")).hasSize(1);
    assertThat(hashes(new Point(1, 2), List.of(1, 2.0), new Object[] {1, 2.0})).hasSize(1);
    assertThat(hashes(new float[] {0.5f}, new double[] {0.5})).hasSize(1);
    assertThat(hashes(new int[] {3}, new long[] {3}, new short[] {3})).hasSize(1);
  }

  @Test
  void contentHash_mapsAndSets_doNotDependOnOrder() {
    Map<String, Integer> forward = new LinkedHashMap<>();
    Map<String, Integer> backward = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      forward.put("k" + i, i);
      backward.put("k" + (19 - i), 19 - i);
    }
    assertThat(hashes(forward, backward)).hasSize(1);
    assertThat(hashes(Set.of("a", "b", "c"), new HashSet<>(List.of("c", "b", "a")))).hasSize(1);
    assertThat(hashes(Map.of("a", 1, "b", 2), Map.of("a", 2, "b", 1))).hasSize(2);
  }

  @Test
  void contentHash_tensors_countTypeShapeAndElements() {
    assertThat(
            hashes(
                Tensor.of(new float[] {1, 2}, 2),
                Tensor.of(new float[] {1, 2}, 1, 2),
                Tensor.of(new float[] {1, 3}, 2),
                Tensor.of(new int[] {1, 2}, 2),
                Tensor.of(new String[] {"1", "2"}, 2)))
        .hasSize(5);
    assertThat(hashes(Tensor.of(new float[] {1, 2}, 2), Tensor.of(new float[] {1, 2}, 2)))
        .hasSize(1);
  }

  @Test
  void contentHash_images_countPixelsAndSize() {
    BufferedImage changed = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    changed.setRGB(2, 1, 0x123456);
    assertThat(
            hashes(
                new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB),
                new BufferedImage(2, 3, BufferedImage.TYPE_INT_RGB),
                changed))
        .hasSize(3);
    assertThat(
            hashes(
                new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB),
                new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR)))
        .hasSize(1);
  }

  @Test
  void contentHash_paths_countContentNotName() throws IOException {
    Path one = Files.writeString(folder.resolve("one"), "same");
    Path two = Files.writeString(folder.resolve("two"), "same");
    Path three = Files.writeString(folder.resolve("three"), "other");
    assertThat(hashes(one, two)).hasSize(1);
    assertThat(hashes(one, three)).hasSize(2);
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> hashes(missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void contentHash_unsupportedType_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> hashes(new Thread()))
        .withMessageContaining("java.lang.Thread")
        .withMessageContaining("Map it");
  }

  private static Set<String> hashes(Object... values) {
    Set<String> hashes = new HashSet<>();
    for (Object value : values) {
      hashes.add(Dataset.of(List.of(value), List.of(0)).contentHash());
    }
    return hashes;
  }
}

package io.vivace.optimize.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.Compression;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.share.WeightSharing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PackedContainerTest {
  private static final int FIXED = 28;

  @TempDir Path folder;
  private Path original;
  private Path container;

  @BeforeEach
  void write() {
    original = TestModels.file(TestModels.CLASSIFIER);
    container = folder.resolve("model.vvp");
    PackedContainer.write(ModelSource.path(original), container);
  }

  @Test
  void resolve_container_givesTheSameFileAndRemovesIt() throws IOException {
    assertThat(Files.size(container)).isLessThan(Files.size(original) * 95 / 100);
    assertThat(ModelFormat.detect(container)).isEqualTo(ModelFormat.ONNX);
    Path inflated;
    try (ModelArtifact artifact = ModelSource.path(container).resolve()) {
      inflated = artifact.path();
      assertThat(artifact.name()).isEqualTo("model.vvp");
      assertThat(artifact.format()).isEqualTo(ModelFormat.ONNX);
      assertThat(Files.mismatch(inflated, original)).isEqualTo(-1);
    }
    assertThat(inflated).doesNotExist();
    assertThat(inflated.getParent()).doesNotExist();
  }

  @Test
  void resolve_anySource_inflates() throws Exception {
    byte[] bytes = Files.readAllBytes(container);
    try (ModelArtifact artifact = ModelSource.bytes("a.vvp", bytes).resolve()) {
      assertThat(Files.mismatch(artifact.path(), original)).isEqualTo(-1);
    }
    try (ModelArtifact artifact = ModelSource.path(folder).resolve()) {
      assertThat(Files.mismatch(artifact.path(), original)).isEqualTo(-1);
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    String hex = HexFormat.of().formatHex(digest);
    ModelSource.path(container).sha256(hex).resolve().close();
    assertThatThrownBy(() -> ModelSource.path(container).sha256("0".repeat(64)).resolve())
        .isInstanceOf(ModelLoadException.class);
  }

  @Test
  @Timeout(120)
  void resolve_damagedContainers_areRefused() throws IOException {
    byte[] good = Files.readAllBytes(container);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      if (i % 3 == 0) {
        bad = Arrays.copyOf(bad, random.nextInt(8, bad.length));
      } else if (i % 3 == 1) {
        bad[random.nextInt(8, bad.length)] ^= (byte) (1 << random.nextInt(8));
      } else {
        // Within the header, where it has more to say.
        bad[random.nextInt(8, Math.min(bad.length, 2_000))] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = Files.write(folder.resolve("bad.vvp"), bad);
      assertThatThrownBy(() -> ModelSource.path(file).resolve())
          .isInstanceOf(ModelLoadException.class)
          .hasMessageMatching("(?s)packed model .{20,}");
    }
  }

  @Test
  @Timeout(120)
  void write_smallModel_isCodedByContexts() throws IOException {
    Path sparse = folder.resolve("sparse.onnx");
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
        .prune(Pruning.magnitude().sparsity(0.9))
        .share(WeightSharing.kMeans(16))
        .pack(Packing.standard())
        .saveTo(sparse);
    Path packed = folder.resolve("sparse.vvp");
    PackedContainer.write(ModelSource.path(sparse), packed);
    byte[] good = Files.readAllBytes(packed);
    assertThat(good[FIXED]).as("method").isEqualTo((byte) 3);
    try (ModelArtifact artifact = ModelSource.path(packed).resolve()) {
      assertThat(Files.mismatch(artifact.path(), sparse)).isEqualTo(-1);
    }
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 10; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(FIXED + 13, bad.length)] ^= (byte) (1 << random.nextInt(8));
      Path file = Files.write(folder.resolve("bad.vvp"), bad);
      assertThatThrownBy(() -> ModelSource.path(file).resolve())
          .isInstanceOf(ModelLoadException.class)
          .hasMessageMatching("(?s)packed model .{20,}");
    }
  }

  /** It is slow: many of them would keep a reader busy. */
  @Test
  void resolve_contextsBesideOtherSections_areRefused() throws IOException {
    byte[] section = new byte[32 + 2 + 16];
    byte[] two = bomb(2, 2 << 20, section);
    two[FIXED + 9] = 3;
    CRC32C crc = new CRC32C();
    crc.update(two, 0, FIXED + 18);
    ByteBuffer.wrap(two).order(ByteOrder.LITTLE_ENDIAN).putInt(FIXED + 18, (int) crc.getValue());
    refused(two, "must be the only one");
  }

  /** The checksum of the header is right: what it states must be refused for itself. */
  @Test
  void resolve_bombs_areRefusedBeforeAnythingIsWritten() throws IOException {
    byte[] section = new byte[32 + 2 + 16];
    section[0] = 1; // only the value 0 occurs
    section[33] = 16; // 4,096 times of 4,096
    for (int state = 0; state < 4; state++) {
      section[34 + 4 * state + 2] = 1;
    }
    refused(bomb(70, 70L << 20, section), "73,400,320 bytes");
    refused(bomb(1, 5_000_000_000L, section), "5,000,000,000 bytes");
    refused(bomb(1, -1, section), "-1 bytes");
    refused(bomb(3, 1 << 20, section), "sections of 3,145,728 bytes");
    byte[] many = bomb(1, 1 << 20, section);
    ByteBuffer.wrap(many).order(ByteOrder.LITTLE_ENDIAN).putInt(12, -1);
    refused(many, "4294967295 sections");
    refused(bomb(1, 1 << 20, section), "no ONNX model");
    section[33] = 8;
    refused(bomb(1, 1 << 20, section), "sum to");
  }

  private void refused(byte[] bytes, String reason) throws IOException {
    Path file = Files.write(folder.resolve("bomb.vvp"), bytes);
    assertThatThrownBy(() -> ModelSource.path(file).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(reason);
  }

  private static byte[] bomb(int sections, long length, byte[] section) {
    int header = FIXED + sections * 9;
    ByteBuffer bytes =
        ByteBuffer.allocate(header + 4 + sections * section.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x89, 'V', 'V', 'P', '\r', '\n', 0x1A, '\n'});
    bytes.putInt(1).putInt(sections).putLong(length);
    CRC32C zeros = new CRC32C();
    zeros.update(new byte[1 << 20]);
    bytes.putInt((int) zeros.getValue());
    for (int i = 0; i < sections; i++) {
      bytes.put((byte) 2).putInt(1 << 20).putInt(section.length);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, header);
    bytes.putInt((int) crc.getValue());
    for (int i = 0; i < sections; i++) {
      bytes.put(section);
    }
    return bytes.array();
  }

  @Test
  void write_otherFormat_isRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("notes"), "no model at all");
    Path target = folder.resolve("out.vvp");
    assertThatThrownBy(() -> PackedContainer.write(ModelSource.path(text), target))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("ONNX only");
    assertThat(target).doesNotExist();
  }

  @Test
  void write_tensorsOfAnyBytes_comeBack() throws IOException {
    Path plain = folder.resolve("many.onnx");
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
        .pass((model, context) -> addTensors(model.graph()))
        .saveTo(plain);
    Path packed = folder.resolve("many.vvp");
    PackedContainer.write(ModelSource.path(plain), packed);
    assertThat(Files.size(packed)).isLessThan(Files.size(plain) * 97 / 100);
    try (ModelArtifact artifact = ModelSource.path(packed).resolve()) {
      assertThat(Files.mismatch(artifact.path(), plain)).isEqualTo(-1);
    }
  }

  private static void addTensors(Graph graph) {
    SplittableRandom random = new SplittableRandom(3);
    for (int length : new int[] {1024, 1025, 1026, 1027, 4099, (1 << 20) + 5}) {
      for (int values : new int[] {1, 2, 3, 200, 256}) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
          bytes[i] = (byte) (random.nextDouble() < 0.9 ? 7 : random.nextInt(values));
        }
        String name = "bytes_" + length + "_" + values;
        graph.put(Weight.of(name, OnnxElementType.UINT8, Shape.of(length), OnnxContent.of(bytes)));
      }
    }
  }
}

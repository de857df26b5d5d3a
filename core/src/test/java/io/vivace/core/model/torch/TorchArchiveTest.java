package io.vivace.core.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.onnx.OnnxFileWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TorchArchiveTest {
  /** A module of one tensor of 2 x 3 floats; {@code %s} are its storage, elements, and its view. */
  private static final String STORAGE =
      "((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0%sX\3\0\0\0cpuK%stQ";

  private static final String START =
      "\u0080\2c__torch__\nNet\n)\u0081}(X\6\0\0\0weightctorch._utils\n_rebuild_tensor_v2\n";

  private static final String END = "\u0089ccollections\nOrderedDict\n)RtRub.";

  @TempDir Path folder;

  private static byte[] digits() throws IOException {
    try (InputStream in =
        TorchArchiveTest.class.getResourceAsStream("/io/vivace/core/model/digits-mlp.pt")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private TorchArchive open(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("model.pt"), bytes);
    return TorchArchive.open(ModelArtifact.of("model.pt", file, ModelFormat.TORCHSCRIPT));
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String pickle(String key, int elements, String view) {
    return START + STORAGE.formatted(key, (char) elements) + view + END;
  }

  /** Offset, shape and strides of bytes. */
  static String view(int offset, int rows, int columns, int down, int across) {
    return "K%s(K%sK%st(K%sK%st"
        .formatted((char) offset, (char) rows, (char) columns, (char) down, (char) across);
  }

  static Map<String, byte[]> files(String pickle) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("m/data.pkl", latin1(pickle));
    files.put("m/data/0", new byte[24]);
    files.put("m/code/__torch__.py", latin1("class Net(Module):\n  pass\n"));
    files.put("m/constants.pkl", latin1("\u0080\2)."));
    return files;
  }

  static byte[] zip(Map<String, byte[]> files, String packed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setMethod(file.getKey().equals(packed) ? ZipEntry.DEFLATED : ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private void refused(byte[] archive, String reason) {
    assertThatThrownBy(() -> open(archive).close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("model.pt")
        .hasMessageContaining(reason);
  }

  private void refusedPickle(String pickle, String reason) throws IOException {
    refused(zip(files(pickle), ""), reason);
  }

  @Test
  void open_digits_namesTensors() throws IOException {
    try (TorchArchive archive = open(digits())) {
      assertThat(archive.tensors().stream().map(TorchTensor::name))
          .containsExactly("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias");
      TorchTensor first = archive.tensors().get(0);
      assertThat(first.shape()).isEqualTo(Shape.of(256, 64));
      assertThat(first.module()).isEqualTo("__torch__.torch.nn.modules.linear.Linear");
      assertThat(first.storage().type()).isEqualTo(OnnxElementType.FLOAT);
      assertThat(first.isTrained()).isTrue();
      assertThat(first.isContiguous()).isTrue();
      assertThat(archive.storage("0").length()).isEqualTo(256 * 64 * 4);
      assertThatThrownBy(() -> archive.storage("17")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void open_smallPickle_isRead() throws IOException {
    try (TorchArchive archive = open(zip(files(pickle("0", 6, view(0, 2, 3, 1, 2))), ""))) {
      TorchTensor tensor = archive.tensors().get(0);
      assertThat(tensor.name()).isEqualTo("weight");
      assertThat(tensor.isContiguous()).isFalse();
      assertThat(tensor.end()).isEqualTo(6);
    }
  }

  @Test
  void save_changed_isReadAgain() throws IOException {
    byte[] other = new byte[24];
    Arrays.fill(other, (byte) 7);
    Path target = folder.resolve("target.pt");
    try (TorchArchive archive =
        open(zip(files(pickle("0", 6, view(0, 2, 3, 3, 1))), "m/code/__torch__.py"))) {
      archive.save(target, Map.of("0", OnnxContent.of(other)), OnnxFileWriter.standard());
      assertThatThrownBy(
              () ->
                  archive.save(
                      target, Map.of("0", OnnxContent.of(new byte[4])), OnnxFileWriter.standard()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(ModelFormat.detect(target)).isEqualTo(ModelFormat.TORCHSCRIPT);
    try (TorchArchive again = open(Files.readAllBytes(target))) {
      assertThat(again.storage("0").bytes()).isEqualTo(other);
    }
  }

  @Test
  void open_foreignFunctions_refusedAndNotCalled() throws IOException {
    refusedPickle("\u0080\2cos\nsystem\n(X\4\0\0\0exittR.", "names os.system");
    refusedPickle("\u0080\2cbuiltins\neval\n)R.", "names builtins.eval");
    refusedPickle("\u0080\2c__torch__x\nNet\n)\u0081.", "names __torch__x.Net");
    refusedPickle("\u0080\2ctorch._utils\n_rebuild_qtensor\n)R.", "_rebuild_qtensor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0080\3N.",
        "\u0080\2",
        "\u0080\2.",
        "\u0080\2NN.",
        "\u0080\2(N.",
        "\u0080\2t.",
        "\u0080\2h\1.",
        "\u0080\2Nu.",
        "\u0080\2(NNu.",
        "\u0080\2}(Nu.",
        "\u0080\2NNa.",
        "\u0080\2NR.",
        "\u0080\2NNR.",
        "\u0080\2NNb.",
        "\u0080\2NQ.",
        "\u0080\2(Q.",
        "\u0080\2q\0.",
        "\u0080\2X\u00ff\u00ff\u00ff\u007fabc.",
        "\u0080\2X\u00ff\u00ff\u00ff\u00ffabc.",
        "\u0080\2\u008a\11123456789.",
        "\u0080\2c__torch__",
        "\u0080\2S'text'\n.",
        "\u0080\2\u0095.",
        "\u0080\2i__torch__\nNet\n.",
        "\u0080\2N0.",
        "\u0080\2ccollections\nOrderedDict\n)\u0081."
      })
  void open_damagedPickle_refused(String pickle) throws IOException {
    refusedPickle(pickle, "pickle");
  }

  @Test
  void open_tensorOutsideItsStorage_refused() throws IOException {
    refusedPickle(pickle("0", 6, view(1, 2, 3, 3, 1)), "not within storage");
    refusedPickle(pickle("0", 6, view(0, 2, 3, 4, 1)), "not within storage");
    refusedPickle(pickle("0", 6, "J\u00ff\u00ff\u00ff\u00ff(K\1t(K\1t"), "not within storage");
    refusedPickle(
        pickle("0", 6, "K\0(J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007ft(K\1K\1t"),
        "not within storage");
    refusedPickle(
        pickle("0", 7, view(0, 2, 3, 3, 1)), "states 28 bytes for storage 0, which has 24");
    refusedPickle(pickle("1", 6, view(0, 2, 3, 3, 1)), "has no data/1");
  }

  @Test
  void open_pickleThatHoldsItself_isRead() throws IOException {
    // A list that is its own element, and tuples that double 60 times.
    open(zip(files("\u0080\2]q\0h\0a."), "")).close();
    StringBuilder doubling = new StringBuilder("\u0080\2)q\0");
    for (int i = 0; i < 60; i++) {
      doubling.append("h\0h\0\u0086q\0");
    }
    open(zip(files(doubling + closed(60)), "")).close();
  }

  /** Takes the values left on the stack into one. */
  private static String closed(int values) {
    return "\u0086".repeat(values) + ".";
  }

  @Test
  void open_nestedTooDeep_refused() throws IOException {
    refusedPickle("\u0080\2N" + "\u0085".repeat(100_000) + ".", "values deep");
  }

  @ParameterizedTest
  @ValueSource(strings = {"m/../x", "/x", "C:x", "..", "m//x", "m/./x"})
  void open_namesThatLeaveTheFolder_refused(String name) throws IOException {
    Map<String, byte[]> files = files(pickle("0", 6, view(0, 2, 3, 3, 1)));
    files.put(name, new byte[1]);
    refused(zip(files, ""), "no plain relative path");
  }

  @Test
  void open_compressedWeightsOrPickle_refused() throws IOException {
    Map<String, byte[]> files = files(pickle("0", 6, view(0, 2, 3, 3, 1)));
    refused(zip(files, "m/data/0"), "compressed data in data/0");
    refused(zip(files, "m/data.pkl"), "compressed data in data.pkl");
  }

  @Test
  void open_otherBytesThanTheSumSays_refused() throws IOException {
    byte[] archive = digits();
    archive[200]++; // within the first storage
    refused(archive, "checksum");
  }

  @Test
  void open_cutOff_refused() throws IOException {
    byte[] whole = digits();
    for (int length = 4; length < whole.length; length += 1_999) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> open(part).close()).isInstanceOf(ModelLoadException.class);
    }
  }

  @Test
  void open_damagedAnywhere_errorOrReadable() throws IOException {
    byte[] whole = zip(files(pickle("0", 6, view(0, 2, 3, 3, 1))), "m/code/__torch__.py");
    Random random = new Random(20);
    int readable = 0;
    for (int i = 0; i < 600; i++) {
      byte[] damaged = whole.clone();
      for (int flips = 1 + i % 3; flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try (TorchArchive archive = open(damaged)) {
        readable++;
        archive.save(
            folder.resolve("out.pt"),
            Map.of("0", archive.storage("0")),
            OnnxFileWriter.standard().threads(1));
      } catch (ModelLoadException e) {
        assertThat(e).hasMessageContaining("model.pt");
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("has no storage");
      }
    }
    assertThat(readable).isBetween(1, 599);
  }

  /** The sum is made right again, so that the pickle's own checks are what is tried. */
  @Test
  void open_damagedPickleWithItsSum_errorOrReadable() {
    Random random = new Random(21);
    String whole = pickle("0", 6, view(0, 2, 3, 3, 1));
    for (int i = 0; i < 600; i++) {
      byte[] damaged = latin1(whole);
      for (int flips = 1 + i % 4; flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThatCode(
              () -> {
                try (TorchArchive archive =
                    open(zip(files(new String(damaged, StandardCharsets.ISO_8859_1)), ""))) {
                  archive.tensors().forEach(TorchTensor::end);
                } catch (ModelLoadException e) {
                  assertThat(e).hasMessageContaining("model.pt");
                }
              })
          .doesNotThrowAnyException();
    }
  }
}

package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Weight;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Weights that look into one storage, 0, 1, 2 and so on, in ways that PyTorch and others write. */
@Timeout(60)
class TorchStorageTest {
  @TempDir Path folder;

  /** A weight's look: offset, two sizes, two strides. */
  private record Look(String name, int offset, int rows, int columns, int down, int across) {
    String pickled(int elements) {
      return text(name + ".weight")
          + "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
          + text("0")
          + text("cpu")
          + number(elements)
          + "tQ"
          + number(offset)
          + "("
          + number(rows)
          + number(columns)
          + "t("
          + number(down)
          + number(across)
          + "t\u0089ccollections\nOrderedDict\n)RtR";
    }

    private static String text(String text) {
      return "X" + number(text.length()).substring(1) + text;
    }

    private static String number(int number) {
      byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
      return "J" + new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private TorchModel model(int elements, List<Look> looks) throws IOException {
    StringBuilder pickle = new StringBuilder("\u0080\2c__torch__\nNet\n)\u0081}(");
    looks.forEach(look -> pickle.append(look.pickled(elements)));
    pickle.append("ub.");
    ByteBuffer storage = ByteBuffer.allocate(elements * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      storage.putFloat(i);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "m/data.pkl", pickle.toString().getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "m/data/0", storage.array());
      store(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
    }
    return open(Files.write(folder.resolve("model.pt"), bytes.toByteArray()));
  }

  private static TorchModel open(Path file) {
    return TorchModel.open(ModelArtifact.of("model.pt", file, ModelFormat.TORCHSCRIPT));
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static List<String> names(TorchModel model) {
    return model.layers().stream().map(layer -> layer.tensor().name()).toList();
  }

  @Test
  void layers_moreElementsThanTheStorage_areNone() throws IOException {
    int huge = Integer.MAX_VALUE;
    try (TorchModel model =
        model(
            12,
            List.of(
                new Look("plain", 0, 2, 3, 3, 1),
                new Look("expanded", 11, 100_000, huge, 0, 0),
                new Look("repeated", 6, 7, 2, 0, 1)))) {
      assertThat(names(model)).containsExactly("plain.weight");
      for (String name : List.of("expanded.weight", "repeated.weight")) {
        Weight asked =
            Weight.of(name, OnnxElementType.FLOAT, Shape.of(1), OnnxContent.of(new byte[4]));
        assertThat(model.values(asked)).isNull();
      }
    }
  }

  @Test
  void layers_looksInAnyOrder_partsAreOneAndSharedPartsRefused() throws IOException {
    try (TorchModel model =
        model(
            24,
            List.of(
                new Look("c", 12, 2, 3, 3, 1),
                new Look("a", 0, 3, 2, 2, 1),
                new Look("partOfC", 15, 1, 3, 3, 1),
                new Look("b", 6, 2, 3, 1, 2),
                new Look("sameAsA", 0, 2, 3, 3, 1)))) {
      assertThat(names(model)).containsExactly("c.weight", "a.weight", "b.weight");
    }
    for (int offset : new int[] {3, 15}) { // reaches into the one behind, or before
      try (TorchModel model =
          model(24, List.of(new Look("first", 6, 3, 4, 4, 1), new Look("x", offset, 2, 3, 3, 1)))) {
        assertThatThrownBy(model::layers)
            .isInstanceOf(GraphException.class)
            .hasMessageContaining("share a part of it");
      }
    }
  }

  @Test
  void replace_manyWeightsOfOneStorage_eachAtItsPlace() throws IOException {
    Path target = folder.resolve("target.pt");
    List<Look> looks =
        java.util.stream.IntStream.range(0, 20_000)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? new Look("w" + i, i * 4, 2, 2, 2, 1)
                        : new Look("w" + i, i * 4, 2, 2, 1, 2)) // columns come first
            .toList();
    try (TorchModel model = model(80_001, looks)) {
      for (TorchLayer layer : model.layers()) {
        float[] values = layer.weight().floats();
        for (int i = 0; i < values.length; i++) {
          values[i] = -values[i];
        }
        layer.replace(Weight.ofFloats(layer.tensor().name(), layer.tensor().shape(), values));
        assertThat(layer.weight().floats()).isEqualTo(values);
      }
      model.save(target, OnnxFileWriter.standard().threads(1));
    }
    try (TorchModel again = open(target)) {
      List<TorchLayer> layers = again.layers();
      assertThat(layers.get(0).weight().floats()).containsExactly(-0f, -1, -2, -3);
      assertThat(layers.get(1).weight().floats()).containsExactly(-4, -6, -5, -7);
      assertThat(layers.get(19_999).weight().floats())
          .containsExactly(-79_996, -79_998, -79_997, -79_999);
    }
  }
}

package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxArrayTest {
  private static final String IMAGES = "00000803 00000002 00000001 00000003 00017f 80feff";

  @TempDir Path folder;

  @Test
  void read_unsignedBytes_areFrom0To255() throws IOException {
    IdxArray images = read(IMAGES);
    assertThat(images.shape()).isEqualTo(Shape.of(2, 1, 3));
    assertThat(images.size()).isEqualTo(2);
    assertThat(images.floats(0)).containsExactly(0, 1, 127);
    assertThat(images.floats(1)).containsExactly(128, 254, 255);
    assertThat(images).hasToString("data holds unsigned byte [2, 1, 3]");
  }

  @ParameterizedTest
  @CsvSource({
    "00000801 00000001 ff, 255",
    "00000901 00000001 ff, -1",
    "00000b01 00000001 fffe, -2",
    "00000c01 00000001 80000000, -2147483648",
    "00000d01 00000001 3fc00000, 1.5",
    "00000e01 00000001 400921fb54442d18, 3.141592653589793",
  })
  void read_anyElementType_isExact(String hex, double value) throws IOException {
    assertThat(read(hex).doubles(0)).containsExactly(value);
    assertThat(read(hex).floats(0)).containsExactly((float) value);
  }

  @Test
  void read_gzip_isRecognisedByContent() throws IOException {
    Path file = Files.write(folder.resolve("images"), gzip(bytes(IMAGES)));
    assertThat(IdxArray.read(file).floats(1)).containsExactly(128, 254, 255);
  }

  @Test
  void read_noItem_isEmpty() throws IOException {
    IdxArray none = read("00000802 00000000 00000003");
    assertThat(none.size()).isZero();
    assertThatThrownBy(() -> none.floats(0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void labelledBy_labels_joinsByPosition() throws IOException {
    Dataset<float[], Integer> data = read(IMAGES).labelledBy(read("00000801 00000002 0709"));
    assertThat(data.labels()).containsExactly(7, 9);
    assertThat(data.get(1).input()).containsExactly(128, 254, 255);
  }

  @Test
  void labelledBy_inputChangedByItsUser_leavesTheDataAsItWas() throws IOException {
    Dataset<float[], Integer> data = read(IMAGES).labelledBy(read("00000801 00000002 0709"));
    data.get(0).input()[0] = 99;
    assertThat(data.get(0).input()).containsExactly(0, 1, 127);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000801 00000003 070809",
        "00000802 00000002 00000001 0709",
        "00000d01 00000002 3f800000 3f800000"
      })
  void labelledBy_whatAreNoLabels_isRefused(String labels) throws IOException {
    IdxArray images = read(IMAGES);
    IdxArray wrong = read(labels);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> images.labelledBy(wrong))
        .withMessageContaining("2 whole numbers along one axis")
        .withMessageContaining(wrong.toString());
  }

  @Test
  void read_fileCutAnywhere_isRefused() {
    byte[] all = bytes(IMAGES);
    for (int length = 0; length < all.length; length++) {
      byte[] cut = Arrays.copyOf(all, length);
      assertMalformed(cut);
    }
  }

  @Test
  void read_gzipCutAnywhere_isRefused() throws IOException {
    byte[] all = gzip(bytes(IMAGES));
    for (int length = 0; length < all.length; length++) {
      assertMalformed(Arrays.copyOf(all, length));
    }
  }

  @Test
  void read_oneByteTooMany_isRefused() {
    assertThatThrownBy(() -> read(IMAGES + "00"))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("6 bytes")
        .hasMessageContaining("more");
  }

  @Test
  void read_anotherFormat_isRefusedWithItsFirstBytes() {
    assertThatThrownBy(() -> read("89504e47 0d0a1a0a"))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("89 50 4e");
    assertThatThrownBy(() -> read("00000a01 00000001 00")).hasMessageContaining("00 00 0a");
  }

  @Test
  void read_noAxis_isRefused() {
    assertThatThrownBy(() -> read("00000800 00"))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("at least one axis");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000801 80000000",
        "00000803 7fffffff 7fffffff 7fffffff",
        "00000e01 10000000",
        "00000802 00010000 00010000"
      })
  void read_sizesThatCannotBe_areRefusedBeforeAnythingIsAllocated(String header) {
    assertThatThrownBy(() -> read(header))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("the header says");
  }

  @Test
  void read_headerThatPromisesTooMuch_costsNoMemory() {
    ByteBuffer header = ByteBuffer.allocate(40).putInt(0x0801).putInt(Integer.MAX_VALUE - 8);
    assertThatThrownBy(() -> IdxArray.read(new ByteArrayInputStream(header.array()), "data"))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("2,147,483,639 bytes, but the file holds 32");
  }

  private static void assertMalformed(byte[] content) {
    assertThatThrownBy(() -> IdxArray.read(new ByteArrayInputStream(content), "data"))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("data");
  }

  private static IdxArray read(String hex) throws IOException {
    return IdxArray.read(new ByteArrayInputStream(bytes(hex)), "data");
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return packed.toByteArray();
  }
}

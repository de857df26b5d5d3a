package io.vivace.core.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxFileWriterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {TestModels.DIGITS, TestModels.MINILM, TestModels.CLASSIFIER, TestModels.DETECTOR})
  void write_untouchedModel_sameBytes(String resource) throws IOException {
    Path source = TestModels.file(resource);
    OnnxModel model = OnnxValidator.validate(source);
    Path target = folder.resolve("copy.onnx");
    try (OnnxStorage storage = OnnxStorage.open(model)) {
      OnnxFileWriter.standard().write(target, storage.bytes(model.bytes()));
    }
    assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void write_anyNumberOfThreads_sameBytes() throws IOException {
    byte[] bytes = new byte[(5 << 20) + 17];
    new Random(1).nextBytes(bytes);
    OnnxContent content =
        OnnxContent.concat(
            List.of(
                OnnxContent.of(java.util.Arrays.copyOf(bytes, 1_500_000)),
                OnnxContent.of(new byte[0]),
                OnnxContent.of(java.util.Arrays.copyOfRange(bytes, 1_500_000, bytes.length))));
    for (int threads : new int[] {1, 2, 7}) {
      Path target = folder.resolve("bytes-" + threads);
      AtomicLong last = new AtomicLong();
      OnnxFileWriter.standard()
          .threads(threads)
          .listener((written, total) -> last.accumulateAndGet(written, Math::max))
          .write(target, content);
      assertThat(target).hasBinaryContent(bytes);
      assertThat(last).hasValue(bytes.length);
    }
  }

  @Test
  void write_failingContent_keepsTargetAndLeavesNothing() throws IOException {
    Path target = Files.writeString(folder.resolve("model.onnx"), "before");
    assertThatThrownBy(() -> OnnxFileWriter.standard().write(target, failing(9 << 20)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("model.onnx")
        .hasMessageContaining("no more");
    assertThat(target).hasContent("before");
    assertThat(folder.toFile().list()).containsExactly("model.onnx");
  }

  @Test
  void write_listenerThatThrows_stopsAndKeepsTarget() throws IOException {
    Path target = Files.writeString(folder.resolve("model.onnx"), "before");
    OnnxFileWriter writer =
        OnnxFileWriter.standard()
            .threads(2)
            .listener(
                (written, total) -> {
                  throw new CancellationException("enough");
                });
    assertThatThrownBy(() -> writer.write(target, OnnxContent.of(new byte[9 << 20])))
        .isInstanceOf(CancellationException.class);
    assertThat(target).hasContent("before");
    assertThat(folder.toFile().list()).containsExactly("model.onnx");
  }

  @Test
  void write_missingFolder_namesTheFile() {
    Path target = folder.resolve("nowhere/model.onnx");
    assertThatThrownBy(() -> OnnxFileWriter.standard().write(target, OnnxContent.of(new byte[1])))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void message_everyKindOfField_isWhatProtobufReads() throws IOException {
    OnnxMessage attribute =
        new OnnxMessage()
            .text(1, "größe")
            .float32(2, -0.5f)
            .integer(3, -7)
            .floats(7, 1.5f, Float.MAX_VALUE)
            .integers(8, 0, 1, -1, Long.MIN_VALUE, 300)
            .integer(20, 7);
    OnnxMessage node =
        new OnnxMessage().text(1, "x").text(1, "").text(2, "y").text(4, "Op").message(5, attribute);
    NodeProto read = NodeProto.parseFrom(node.content().bytes());
    assertThat(read.getInputList()).containsExactly("x", "");
    assertThat(read.getOutputList()).containsExactly("y");
    assertThat(read.getOpType()).isEqualTo("Op");
    AttributeProto readAttribute = read.getAttribute(0);
    assertThat(readAttribute.getName()).isEqualTo("größe");
    assertThat(readAttribute.getF()).isEqualTo(-0.5f);
    assertThat(readAttribute.getI()).isEqualTo(-7);
    assertThat(readAttribute.getFloatsList()).containsExactly(1.5f, Float.MAX_VALUE);
    assertThat(readAttribute.getIntsList()).containsExactly(0L, 1L, -1L, Long.MIN_VALUE, 300L);
    assertThat(readAttribute.getType()).isEqualTo(AttributeProto.AttributeType.INTS);
  }

  @Test
  void message_fieldZero_isRefused() {
    assertThatThrownBy(() -> new OnnxMessage().integer(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  private static OnnxContent failing(long length) {
    return new OnnxContent() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public void read(long from, ByteBuffer target) throws IOException {
        if (from > length / 2) {
          throw new IOException("no more");
        }
        target.position(target.limit());
      }
    };
  }
}

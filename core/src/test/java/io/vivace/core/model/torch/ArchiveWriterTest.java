package io.vivace.core.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxFileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchiveWriterTest {
  @TempDir Path folder;

  /** All numbers in the fields of zip64; offsets of later files only; none. */
  static Stream<Long> limits() {
    return Stream.of(0L, 100_000L, 0xffff_ffffL);
  }

  @ParameterizedTest
  @MethodSource("limits")
  void finish_fieldsOfZip64_areReadByOthersAndByUs(long large) throws IOException {
    Path source = folder.resolve("source.pt");
    try (InputStream in = getClass().getResourceAsStream("/io/vivace/core/model/digits-mlp.pt")) {
      Files.write(source, Objects.requireNonNull(in).readAllBytes());
    }
    Path target = folder.resolve("target.pt");
    ArchiveWriter writer = new ArchiveWriter(large);
    try (ZipFile zip = new ZipFile(source.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        writer.add(entry.getName(), OnnxContent.of(zip.getInputStream(entry).readAllBytes()));
      }
      OnnxFileWriter.standard().threads(1).write(target, writer.finish());
      try (ZipFile again = new ZipFile(target.toFile())) {
        assertThat(names(again)).containsExactlyElementsOf(names(zip));
        for (ZipEntry entry : Collections.list(zip.entries())) {
          assertThat(again.getInputStream(entry).readAllBytes())
              .isEqualTo(zip.getInputStream(entry).readAllBytes());
        }
      }
    }
    assertThat(ModelFormat.detect(target)).isEqualTo(ModelFormat.TORCHSCRIPT);
    try (TorchArchive archive =
        TorchArchive.open(ModelArtifact.of("target.pt", target, ModelFormat.TORCHSCRIPT))) {
      assertThat(archive.tensors()).hasSize(6);
      assertThat(archive.storage("0").length()).isEqualTo(256 * 64 * 4);
    }
  }

  private static List<String> names(ZipFile zip) {
    return Collections.list(zip.entries()).stream().map(ZipEntry::getName).toList();
  }
}

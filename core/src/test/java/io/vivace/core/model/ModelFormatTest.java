package io.vivace.core.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFormatTest {
  @TempDir Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("file"), content);
  }

  private Content content(byte[] content) throws IOException {
    return Content.of(file(content));
  }

  private Path zip(String... names) throws IOException {
    Path file = folder.resolve("zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(1);
      }
    }
    return file;
  }

  @Test
  void detect_ofRealModels_tellsThemApart() throws IOException {
    byte[] onnx = ModelSourceTest.resource("digits-mlp.onnx");
    byte[] torch = ModelSourceTest.resource("digits-mlp.pt");

    assertThat(ModelFormat.detect(file(onnx))).isEqualTo(ModelFormat.ONNX);
    assertThat(ModelFormat.detect(file(torch))).isEqualTo(ModelFormat.TORCHSCRIPT);
  }

  @Test
  void detect_ofOnnxCutOffInItsGraph_isStillOnnx() throws IOException {
    byte[] onnx = ModelSourceTest.resource("digits-mlp.onnx");

    assertThat(ModelFormat.detect(file(Arrays.copyOf(onnx, 5_000)))).isEqualTo(ModelFormat.ONNX);
  }

  @Test
  void detect_ofOnnxWithGraphBeforeVersion_isOnnx() throws IOException {
    byte[] model = {0x3A, 2, 0x12, 0, 0x42, 2, 0x10, 20, 0x08, 9};

    assertThat(ModelFormat.detect(file(model))).isEqualTo(ModelFormat.ONNX);
  }

  @Test
  void detect_ofTensorFlowSavedModel_isOther() throws IOException {
    byte[] savedModel = {0x08, 0x01, 0x12, 4, 1, 2, 3, 4};

    assertThat(ModelFormat.detect(file(savedModel))).isEqualTo(ModelFormat.OTHER);
  }

  @Test
  void detect_ofImplausibleVersionOrFieldType_isOther() throws IOException {
    assertThat(ModelFormat.detect(file(new byte[] {0x08, 0, 0x3A, 0})))
        .isEqualTo(ModelFormat.OTHER);
    assertThat(ModelFormat.detect(file(new byte[] {0x08, 7, 0x3D, 0, 0, 0, 0})))
        .isEqualTo(ModelFormat.OTHER);
  }

  @Test
  void detect_ofFolderOrMissingFile_isOtherOrError() {
    assertThat(ModelFormat.detect(folder)).isEqualTo(ModelFormat.OTHER);
    assertThatThrownBy(() -> ModelFormat.detect(folder.resolve("none")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("none");
  }

  @Test
  void detect_ofRandomBytes_neverThrows() throws IOException {
    Random random = new Random(17);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[1 + random.nextInt(600)];
      random.nextBytes(bytes);
      System.arraycopy(i % 2 == 0 ? new byte[] {8, 7} : "PK\3\4".getBytes(UTF_8), 0, bytes, 0, 1);

      assertThat(ModelFormat.detect(file(bytes))).isNotEqualTo(ModelFormat.TORCHSCRIPT);
    }
  }

  @Test
  void content_ofOtherFiles_isNamed() throws IOException {
    assertThat(content(new byte[0])).isEqualTo(Content.EMPTY);
    assertThat(content("import torch".getBytes(UTF_8))).isEqualTo(Content.TEXT);
    assertThat(content("\n<!DOCTYPE html><html>".getBytes(UTF_8))).isEqualTo(Content.HTML);
    assertThat(content("version https://git-lfs.github.com/spec/v1\n".getBytes(UTF_8)))
        .isEqualTo(Content.LFS_POINTER);
    assertThat(content(new byte[] {0x1f, (byte) 0x8b, 8})).isEqualTo(Content.GZIP);
    assertThat(content(new byte[] {0, 1, 2, 3})).isEqualTo(Content.BINARY);
  }

  @Test
  void content_ofZips_dependsOnTheEntries() throws IOException {
    assertThat(Content.of(zip("m/data.pkl", "m/constants.pkl"))).isEqualTo(Content.TORCHSCRIPT);
    assertThat(Content.of(zip("m/data.pkl", "m/code/a.py"))).isEqualTo(Content.TORCHSCRIPT);
    assertThat(Content.of(zip("m/data.pkl", "m/version"))).isEqualTo(Content.PYTORCH_WEIGHTS);
    assertThat(Content.of(zip("m/n/data.pkl", "m/n/constants.pkl"))).isEqualTo(Content.ZIP);
    assertThat(Content.of(zip("model.onnx"))).isEqualTo(Content.ZIP);
  }

  @Test
  void content_ofTorchScriptCutOff_isDamagedZip() throws IOException {
    byte[] torch = ModelSourceTest.resource("digits-mlp.pt");

    assertThat(content(Arrays.copyOf(torch, 100_000))).isEqualTo(Content.DAMAGED_ZIP);
  }
}

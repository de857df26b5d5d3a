package io.vivace.core.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSourceTest {
  @TempDir Path folder;

  static byte[] resource(String name) throws IOException {
    try (InputStream in = ModelSourceTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private Path put(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  @Test
  void path_ofFile_isUsedInPlaceAndStaysAfterClose() throws IOException {
    Path file = put("m.onnx", resource("digits-mlp.onnx"));

    ModelArtifact artifact = ModelSource.path(file).resolve();
    artifact.close();

    assertThat(artifact.path()).isEqualTo(file).exists();
    assertThat(artifact.name()).isEqualTo("m.onnx");
    assertThat(artifact.format()).isEqualTo(ModelFormat.ONNX);
  }

  @Test
  void path_ofTorchScriptNamedOnnx_isTorchScript() throws IOException {
    Path file = put("m.onnx", resource("digits-mlp.pt"));

    assertThat(ModelSource.path(file).resolve().format()).isEqualTo(ModelFormat.TORCHSCRIPT);
  }

  @Test
  void path_ofMissingFile_saysSo() {
    assertThatThrownBy(() -> ModelSource.path(folder.resolve("none.onnx")).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("none.onnx does not exist");
  }

  @Test
  void path_ofTextNamedOnnx_saysThatItIsText() throws IOException {
    Path file = put("m.onnx", "This is not a model.\n".getBytes(UTF_8));

    assertThatThrownBy(() -> ModelSource.path(file).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("m.onnx holds text");
  }

  @Test
  void path_ofFolderWithOneModel_findsItBelow() throws IOException {
    Path file = put("onnx/model.onnx", resource("digits-mlp.onnx"));
    put("README.md", "words".getBytes(UTF_8));

    assertThat(ModelSource.path(folder).resolve().path()).isEqualTo(file);
  }

  @Test
  void path_ofFolderWithTwoModels_listsThem() throws IOException {
    put("a.onnx", resource("digits-mlp.onnx"));
    put("b.pt", resource("digits-mlp.pt"));

    assertThatThrownBy(() -> ModelSource.path(folder).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("2 models")
        .hasMessageContaining("a.onnx, b.pt");
  }

  @Test
  void path_ofFolderOfAnotherFormat_isHandedOn() throws IOException {
    put("saved_model.pb", new byte[] {8, 1, 18, 3, 1, 2, 3});
    put("variables/variables.index", new byte[] {0, 1});

    ModelArtifact artifact = ModelSource.path(folder).resolve();

    assertThat(artifact.path()).isEqualTo(folder);
    assertThat(artifact.format()).isEqualTo(ModelFormat.OTHER);
  }

  @Test
  void path_ofEmptyFolder_isRefused() {
    assertThatThrownBy(() -> ModelSource.path(folder).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("has no files");
  }

  @Test
  void bytes_resolved_areWrittenAndRemovedOnClose() throws IOException {
    byte[] bytes = resource("digits-mlp.onnx");

    ModelArtifact artifact = ModelSource.bytes("m.onnx", bytes).resolve();

    assertThat(artifact.path()).hasBinaryContent(bytes).hasFileName("m.onnx");
    artifact.close();
    artifact.close();
    assertThat(artifact.path().getParent()).doesNotExist();
  }

  @Test
  void bytes_changedAfterwards_doNotChangeTheSource() throws IOException {
    byte[] bytes = resource("digits-mlp.onnx");
    ModelSource source = ModelSource.bytes("m.onnx", bytes);
    bytes[0] = 'x';

    try (ModelArtifact artifact = source.resolve()) {
      assertThat(artifact.format()).isEqualTo(ModelFormat.ONNX);
    }
  }

  @Test
  void bytes_withPathAsName_areRefused() {
    for (String name : new String[] {"", " ", "..", "a/b", "a\\b", "C:m", "a\0"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ModelSource.bytes(name, new byte[1]))
          .withMessageContaining("plain file name");
    }
  }

  @Test
  void bytes_ofNothing_areRefused() {
    assertThatThrownBy(() -> ModelSource.bytes("m.bin", new byte[0]).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("an empty file");
  }

  @Test
  void classpath_ofFolder_isUsedInPlace() {
    ModelSource source = ModelSource.classpath("/io/vivace/core/model/digits-mlp.onnx");

    try (ModelArtifact artifact = source.resolve()) {
      assertThat(artifact.path().toString()).contains("test-classes");
      assertThat(artifact.format()).isEqualTo(ModelFormat.ONNX);
    }
  }

  @Test
  void classpath_besideClass_isFound() {
    try (ModelArtifact artifact = ModelSource.classpath(getClass(), "digits-mlp.pt").resolve()) {
      assertThat(artifact.format()).isEqualTo(ModelFormat.TORCHSCRIPT);
    }
  }

  @Test
  void classpath_ofNothing_namesTheResource() {
    assertThatThrownBy(() -> ModelSource.classpath("/no/such.onnx").resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("/no/such.onnx");
  }

  @Test
  void classpath_inJar_isCopiedOutAndRemovedOnClose() throws IOException {
    byte[] bytes = resource("digits-mlp.onnx");
    Path jar = folder.resolve("models.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("models/in-jar.onnx"));
      out.write(bytes);
    }
    ModelSource source;
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
      thread.setContextClassLoader(loader);
      source = ModelSource.classpath("/models/in-jar.onnx");
      thread.setContextClassLoader(before);

      ModelArtifact artifact = source.resolve();

      assertThat(artifact.path()).hasFileName("in-jar.onnx").hasBinaryContent(bytes);
      artifact.close();
      assertThat(artifact.path()).doesNotExist();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void sha256_ofTheFile_isChecked() throws IOException {
    // sha256sum digits-mlp.onnx
    String right = "f0ed983b866157dbced7a37c25bfe641fc2525ec4ff46a1970bde501da4c88d7";
    ModelSource source = ModelSource.path(put("m.onnx", resource("digits-mlp.onnx")));

    assertThat(source.sha256(right).resolve().name()).isEqualTo("m.onnx");
    assertThat(source.sha256(right.toUpperCase(Locale.ROOT)).resolve()).isNotNull();
    String wrong = "0".repeat(64);
    assertThatThrownBy(() -> source.sha256(wrong).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(right)
        .hasMessageContaining(wrong);
    assertThatIllegalArgumentException().isThrownBy(() -> source.sha256("abc"));
  }

  @Test
  void sha256_whenWrong_closesTheArtifact() throws IOException {
    boolean[] closed = new boolean[1];
    Path file = put("m.onnx", resource("digits-mlp.onnx"));
    ModelSource source =
        () -> ModelArtifact.of("m", file, ModelFormat.ONNX).onClose(() -> closed[0] = true);

    assertThatThrownBy(() -> source.sha256("0".repeat(64)).resolve())
        .isInstanceOf(ModelLoadException.class);

    assertThat(closed[0]).isTrue();
  }

  @Test
  void sha256_ofFolder_isRefused() throws IOException {
    put("weights.bin", new byte[] {1});

    assertThatThrownBy(() -> ModelSource.path(folder).sha256("0".repeat(64)).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void named_source_renamesTheArtifactAndKeepsItsCleanup() throws IOException {
    ModelSource source = ModelSource.bytes("m.onnx", resource("digits-mlp.onnx")).named("digits");

    ModelArtifact artifact = source.resolve();
    artifact.close();

    assertThat(artifact.name()).isEqualTo("digits");
    assertThat(artifact.path()).doesNotExist();
    assertThatIllegalArgumentException().isThrownBy(() -> source.named(" "));
  }

  @Test
  void toString_ofEachSource_saysWhatItIs() {
    assertThat(ModelSource.path(Path.of("m.onnx"))).hasToString("path m.onnx");
    assertThat(ModelSource.bytes("m.onnx", new byte[1234])).hasToString("1,234 bytes \"m.onnx\"");
    assertThat(ModelSource.classpath("/m.onnx")).hasToString("class path /m.onnx");
  }
}

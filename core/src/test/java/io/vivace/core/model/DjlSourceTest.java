package io.vivace.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Application;
import ai.djl.repository.MRL;
import ai.djl.repository.Repository;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.util.Utils;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's own zoo code runs here, over a cache whose metadata names local files. */
class DjlSourceTest {
  private static final String GROUP = "io.vivace.zoo";

  @TempDir Path folder;

  private static final class Zoo extends ModelZoo {
    Zoo(Path folder) {
      Repository repository = Repository.newInstance("zoo", folder);
      addModel(MRL.model(repository, Application.Tabular.ANY, GROUP, "digits", null, null));
    }

    @Override
    public String getGroupId() {
      return GROUP;
    }

    @Override
    public Set<String> getSupportedEngines() {
      return Set.of("OnnxRuntime");
    }
  }

  @BeforeEach
  void useOwnCache() throws IOException {
    System.setProperty("DJL_CACHE_DIR", folder.resolve("djl").toString());
    deleteCached(); // an environment variable of that name beats the property
    ModelZoo.registerModelZoo(() -> new Zoo(folder));
  }

  @AfterEach
  void restore() throws IOException {
    deleteCached();
    System.clearProperty("DJL_CACHE_DIR");
    System.setProperty("ai.djl.offline", "true");
  }

  private static Path cached() {
    String path = "cache/repo/model/" + Application.Tabular.ANY.getPath() + "/io/vivace/zoo";
    return Utils.getCacheDir().resolve(path);
  }

  private static void deleteCached() throws IOException {
    if (Files.exists(cached())) {
      try (Stream<Path> files = Files.walk(cached())) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void writeMetadata() throws IOException {
    Path model = folder.resolve("digits-mlp.onnx");
    Files.write(model, ModelSourceTest.resource("digits-mlp.onnx"));
    Path metadata = cached().resolve("digits/metadata.json");
    Files.createDirectories(metadata.getParent());
    String json =
        """
        {"metadataVersion": "0.2", "groupId": "%s", "artifactId": "digits", "lastUpdated": "2999-01-01T00:00:00.000Z",
         "artifacts": [{"version": "0.0.1", "name": "mlp",
           "files": {"model": {"uri": "%s", "name": "digits-mlp.onnx", "type": "file"}}}]}
        """;
    Files.writeString(metadata, json.formatted(GROUP, model.toUri()));
  }

  @Test
  void resolve_onlineThenOffline_downloadsOnceToDjlsCache() throws IOException {
    writeMetadata();
    ModelSource source = ModelSource.djl("djl://io.vivace.zoo/digits/0.0.1/mlp");
    System.setProperty("ai.djl.offline", "false");
    ModelArtifact first = source.resolve();
    first.close();
    Files.delete(folder.resolve("digits-mlp.onnx"));
    System.setProperty("ai.djl.offline", "true");

    ModelArtifact second = source.resolve();

    assertThat(second.path()).isEqualTo(first.path()).startsWith(Utils.getCacheDir());
    assertThat(second.path()).hasBinaryContent(ModelSourceTest.resource("digits-mlp.onnx"));
    assertThat(second.format()).isEqualTo(ModelFormat.ONNX);
  }

  @Test
  void resolve_offlineWithoutFiles_saysSo() throws IOException {
    ModelSource source = ModelSource.djl("djl://io.vivace.zoo/digits");
    assertOffline(source);

    writeMetadata();

    assertOffline(source);
  }

  private static void assertOffline(ModelSource source) {
    assertThatThrownBy(source::resolve)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("djl://io.vivace.zoo/digits")
        .hasMessageContaining("DJL is offline");
  }

  @Test
  void resolve_ofFailingDownload_namesTheModel() throws IOException {
    writeMetadata();
    Files.delete(folder.resolve("digits-mlp.onnx"));
    System.setProperty("ai.djl.offline", "false");

    assertThatThrownBy(ModelSource.djl("djl://io.vivace.zoo/digits")::resolve)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("djl://io.vivace.zoo/digits cannot be downloaded");
  }

  @Test
  void resolve_ofUnknownGroupArtifactOrVersion_namesTheModel() throws IOException {
    writeMetadata();
    for (String unknown :
        new String[] {
          "djl://no.such.group/digits",
          "djl://io.vivace.zoo/letters",
          "djl://io.vivace.zoo/digits/7.0.0/mlp",
          "djl://io.vivace.zoo/digits/0.0.1/cnn"
        }) {
      assertThatThrownBy(ModelSource.djl(unknown)::resolve)
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining(unknown);
    }
  }

  @Test
  void djl_ofOtherUrl_isRefused() {
    for (String other : new String[] {"", "https://a/b", "djl://", "djl://group", "djl:///a"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ModelSource.djl(other))
          .withMessageContaining("djl://group/artifact");
    }
  }
}

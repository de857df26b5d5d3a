package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00.5Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  private final Provenance plain = Provenance.now(NOON);

  @Test
  void now_environment_isComplete() {
    assertThat(plain.facts().get("environment"))
        .containsEntry("java", System.getProperty("java.version"))
        .containsEntry("processors", "" + Runtime.getRuntime().availableProcessors())
        .containsEntry("time", "2026-11-24T12:00:00Z")
        .containsKeys("jvm", "os", "architecture", "maxHeapBytes");
    assertThat(plain.facts().get("versions")).containsKey("vivace");
  }

  @Test
  void now_anyForm_namesNoPersonHostOrFolder() {
    assertThat(plain.toJson())
        .doesNotContain(System.getProperty("user.home"))
        .doesNotContain(System.getProperty("user.dir"));
    assertThat(plain.facts().get("environment").keySet())
        .containsExactly("java", "jvm", "os", "architecture", "processors", "maxHeapBytes", "time");
  }

  @Test
  void facts_addedInAnyOrder_standInFixedGroupsAndThenAsAdded() {
    Provenance provenance =
        plain
            .setting("zeta", 1)
            .version("engine", "1.2")
            .data("test", 3, "abc")
            .setting("alpha", 2);
    assertThat(provenance.facts().keySet())
        .containsExactly("data", "settings", "versions", "environment");
    assertThat(provenance.facts().get("settings").keySet()).containsExactly("zeta", "alpha");
    assertThat(provenance.facts().get("versions").keySet()).containsExactly("vivace", "engine");
  }

  @Test
  void additions_leaveTheProvenanceAsItWas() {
    plain.seed(7);
    assertThat(plain.facts()).doesNotContainKey("settings");
    assertThat(plain.seed(7).facts().get("settings")).containsExactly(Map.entry("seed", "7"));
    assertThatThrownBy(() -> plain.facts().get("environment").clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void data_dataset_recordsSizeAndHash() {
    Dataset<String, Integer> data = Dataset.of(List.of("a", "b"), List.of(0, 1));
    assertThat(plain.data("test", data).facts().get("data"))
        .containsExactly(
            Map.entry("test.examples", "2"), Map.entry("test.sha256", data.contentHash()));
  }

  /** The digest of the three letters "abc" is the test vector of FIPS 180-2, appendix B.1. */
  @Test
  void model_file_recordsBytesAndSha256() throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), "abc");
    assertThat(plain.model("fp32", source(file)).facts().get("models"))
        .containsExactly(
            Map.entry("fp32.bytes", "3"),
            Map.entry(
                "fp32.sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void model_folder_dependsOnNamesAndContent() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(model.resolve("a"), "1");
    Files.writeString(Files.createDirectories(model.resolve("sub")).resolve("b"), "22");
    Provenance first = plain.model("m", source(model));
    assertThat(first.facts().get("models")).containsEntry("m.bytes", "3");
    assertThat(plain.model("m", source(model))).isEqualTo(first);
    Files.move(model.resolve("a"), model.resolve("c"));
    assertThat(plain.model("m", source(model))).isNotEqualTo(first);
  }

  @Test
  void model_missing_isALoadError() {
    assertThatThrownBy(() -> plain.model("m", source(folder.resolve("none"))))
        .isInstanceOf(ModelLoadException.class);
  }

  @Test
  void toJson_anyProvenance_hasOneObjectPerGroup() {
    JsonObject json =
        JsonParser.parseString(plain.setting("text", "a \"b\" <c>").toJson()).getAsJsonObject();
    assertThat(json.getAsJsonObject("settings").get("text").getAsString()).isEqualTo("a \"b\" <c>");
    assertThat(json.keySet()).containsExactly("settings", "versions", "environment");
  }

  @Test
  void toMarkdown_anyProvenance_isATableOfOneLinePerFact() {
    String table = plain.setting("pipe", "a|b\nc").toMarkdown();
    assertThat(table)
        .startsWith("| | fact | value |\n|---|---|---|\n| settings | pipe | a\\|b c |\n");
    assertThat(table.lines()).hasSize(2 + 1 + 1 + 7).allMatch(line -> line.endsWith("|"));
  }

  @Test
  void equals_sameFacts_isTrue() {
    assertThat(plain.seed(1)).isEqualTo(Provenance.now(NOON).seed(1));
    assertThat(plain.seed(1)).isNotEqualTo(plain.seed(2)).hasSameHashCodeAs(plain.seed(1));
  }

  private static ModelSource source(Path path) {
    return () -> ModelArtifact.of("model", path, ModelFormat.ONNX);
  }
}

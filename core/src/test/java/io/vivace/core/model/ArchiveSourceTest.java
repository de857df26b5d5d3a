package io.vivace.core.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveSourceTest {
  private byte[] onnx;

  @BeforeEach
  void readModel() throws IOException {
    onnx = ModelSourceTest.resource("digits-mlp.onnx");
  }

  private interface Writing<T> {
    void to(T out) throws IOException;
  }

  private static byte[] zip(Writing<ZipArchiveOutputStream> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
      entries.to(out);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipArchiveOutputStream out, String name, byte[] content, int mode)
      throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setUnixMode(mode);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static byte[] zip(Map<String, byte[]> files) throws IOException {
    return zip(
        out -> {
          for (Map.Entry<String, byte[]> file : files.entrySet()) {
            add(out, file.getKey(), file.getValue(), UnixStat.FILE_FLAG | 0644);
          }
        });
  }

  private static byte[] tar(Writing<TarArchiveOutputStream> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      entries.to(out);
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream out, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static ArchiveSource archive(byte[] bytes) {
    return ModelSource.bytes("model.bin", bytes).archive();
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(ModelSource source) {
    return assertThatThrownBy(source::resolve).isInstanceOf(ModelLoadException.class);
  }

  private void assertModelInside(byte[] archive) {
    ModelArtifact artifact = archive(archive).resolve();
    assertThat(artifact.path()).hasBinaryContent(onnx);
    assertThat(artifact.format()).isEqualTo(ModelFormat.ONNX);
    assertThat(artifact.name()).isEqualTo("model.onnx");
    artifact.close();
    assertThat(artifact.path()).doesNotExist();
  }

  @Test
  void resolve_zip_findsTheModelBelow() throws IOException {
    assertModelInside(
        zip(Map.of("top/onnx/model.onnx", onnx, "top/README.md", "words".getBytes(UTF_8))));
  }

  @Test
  void resolve_tarAndTarGz_findTheModelBelow() throws IOException {
    byte[] tar =
        tar(
            out -> {
              out.putArchiveEntry(new TarArchiveEntry("./top/"));
              out.closeArchiveEntry();
              add(out, "./top/model.onnx", onnx);
              add(out, "./top/" + "long".repeat(40), new byte[] {1});
            });

    assertModelInside(tar);
    assertModelInside(gzip(tar));
  }

  @Test
  void resolve_withEntry_takesThatModelAndKeepsItsNeighbours() throws IOException {
    byte[] zip = zip(Map.of("a/one.onnx", onnx, "b/two.onnx", onnx, "b/two.weights", onnx));

    try (ModelArtifact artifact = archive(zip).entry("b/two.onnx").resolve()) {
      assertThat(artifact.name()).isEqualTo("two.onnx");
      assertThat(artifact.path().resolveSibling("two.weights")).exists();
    }
    assertRefused(archive(zip)).hasMessageContaining("a/one.onnx, b/two.onnx");
    assertRefused(archive(zip).entry("c.onnx"))
        .hasMessageContaining("no entry \"c.onnx\"")
        .hasMessageContaining("b/two.onnx");
  }

  @Test
  void resolve_ofModelOfManyFiles_givesTheFolderByTheArchivesName() throws IOException {
    byte[] zip = zip(Map.of("saved_model.pb", new byte[] {8, 1}, "variables/v", new byte[] {1}));

    try (ModelArtifact artifact = archive(zip).resolve()) {
      assertThat(artifact.path()).isDirectory();
      assertThat(artifact.name()).isEqualTo("model.bin");
      assertThat(artifact.format()).isEqualTo(ModelFormat.OTHER);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.onnx",
        "a/../../evil.onnx",
        "a/..",
        "/etc/evil",
        "C:\\evil",
        "C:evil",
        "a\\..\\b",
        "a\nb"
      })
  void resolve_ofPathThatLeavesTheFolder_isRefused(String name) throws IOException {
    byte[] zip = zip(Map.of("model.onnx", onnx, name, new byte[] {1}));
    byte[] tar =
        tar(
            out -> {
              add(out, "model.onnx", onnx);
              add(out, name, new byte[] {1});
            });

    assertRefused(archive(zip)).hasMessageContaining("not a plain relative path");
    assertRefused(archive(tar)).hasMessageContaining("not a plain relative path");
    assertThatIllegalArgumentException().isThrownBy(() -> archive(zip).entry(name));
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_SYMLINK,
        TarConstants.LF_LINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO
      })
  void resolve_ofTarWithLinkOrDevice_isRefused(byte type) throws IOException {
    byte[] tar =
        tar(
            out -> {
              add(out, "model.onnx", onnx);
              TarArchiveEntry entry = new TarArchiveEntry("link", type);
              entry.setLinkName("/etc/passwd");
              out.putArchiveEntry(entry);
              out.closeArchiveEntry();
            });

    assertRefused(archive(tar)).hasMessageContaining("\"link\" is a link or a device");
  }

  @Test
  void resolve_ofZipWithLink_isRefused() throws IOException {
    byte[] zip = zip(out -> add(out, "link", "/etc".getBytes(UTF_8), UnixStat.LINK_FLAG | 0777));

    assertRefused(archive(zip)).hasMessageContaining("\"link\" is a link or a device");
  }

  @Test
  void resolve_ofDuplicates_isRefused() throws IOException {
    byte[] zip =
        zip(
            out -> {
              add(out, "model.onnx", onnx, 0);
              add(out, "./model.onnx", onnx, 0);
            });

    assertRefused(archive(zip)).hasMessageContaining("occurs twice");
  }

  @Test
  void resolve_beyondLimits_isRefused() throws IOException {
    byte[] zip = zip(Map.of("model.onnx", onnx, "b", new byte[10]));

    archive(zip).maxBytes(onnx.length + 10).maxEntries(2).resolve().close();
    assertRefused(archive(zip).maxBytes(onnx.length + 9)).hasMessageContaining("maxBytes");
    assertRefused(archive(zip).maxEntries(1)).hasMessageContaining("more than 1 entries");
    assertThatIllegalArgumentException().isThrownBy(() -> archive(zip).maxBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> archive(zip).maxEntries(0));
  }

  @Test
  void resolve_ofBomb_stopsEarly() throws IOException {
    byte[] zeros = new byte[1 << 20];
    byte[] zip =
        zip(
            out -> {
              out.putArchiveEntry(new ZipArchiveEntry("zeros"));
              for (int i = 0; i < 80; i++) {
                out.write(zeros);
              }
              out.closeArchiveEntry();
            });

    assertThat(zip.length).isLessThan(100_000);
    assertRefused(archive(zip)).hasMessageContaining("more than 67,108,864 bytes");
  }

  @Test
  void resolve_ofTarWithEndlessName_stopsEarly() throws IOException {
    byte[] tar =
        tar(
            out -> {
              TarArchiveEntry name =
                  new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
              name.setSize(3_000_000);
              out.putArchiveEntry(name);
              out.write(new byte[3_000_000]);
              out.closeArchiveEntry();
              add(out, "model.onnx", onnx);
            });

    assertRefused(archive(gzip(tar))).hasMessageContaining("header of the archive is too long");
  }

  @Test
  void resolve_ofTooDeepFolders_isRefused() throws IOException {
    byte[] zip = zip(Map.of("a/".repeat(40) + "model.onnx", onnx));

    assertRefused(archive(zip)).hasMessageContaining("folders deep");
  }

  @Test
  void resolve_ofTorchScript_isNoArchive() throws IOException {
    byte[] torch = ModelSourceTest.resource("digits-mlp.pt");

    assertRefused(archive(torch)).hasMessageContaining("holds a TorchScript model, no archive");
    assertRefused(archive(onnx)).hasMessageContaining("holds an ONNX model, no archive");
    assertRefused(archive(gzip(onnx)));
  }

  @Test
  void resolve_ofTorchScriptInZip_findsIt() throws IOException {
    byte[] zip = zip(Map.of("model.pt", ModelSourceTest.resource("digits-mlp.pt")));

    try (ModelArtifact artifact = archive(zip).resolve()) {
      assertThat(artifact.format()).isEqualTo(ModelFormat.TORCHSCRIPT);
    }
  }

  @Test
  void resolve_ofDamagedPayload_isRefused() throws IOException {
    byte[] zip =
        zip(
            out -> {
              out.setMethod(ZipArchiveEntry.STORED);
              ZipArchiveEntry entry = new ZipArchiveEntry("model.onnx");
              CRC32 crc = new CRC32();
              crc.update(onnx);
              entry.setCrc(crc.getValue());
              entry.setSize(onnx.length);
              out.putArchiveEntry(entry);
              out.write(onnx);
              out.closeArchiveEntry();
            });
    zip[zip.length / 2] ^= 1;

    assertRefused(archive(zip)).hasMessageContaining("checksum");
  }

  @Test
  void resolve_ofArchiveCutOff_isRefused() throws IOException {
    byte[] tar = tar(out -> add(out, "model.onnx", onnx));
    byte[] zip = zip(Map.of("model.onnx", onnx));

    assertRefused(archive(Arrays.copyOf(tar, 5_000)));
    assertRefused(archive(Arrays.copyOf(gzip(tar), 5_000)));
    assertRefused(archive(Arrays.copyOf(zip, 5_000))).hasMessageContaining("cut off");
  }

  @Test
  void resolve_ofMutatedArchives_isErrorOrModel() throws IOException {
    Map<String, byte[]> files = new TreeMap<>(Map.of("a/model.onnx", Arrays.copyOf(onnx, 900)));
    files.put("b", new byte[50]);
    byte[] zip = zip(files);
    byte[] tar =
        tar(
            out -> {
              add(out, "a/model.onnx", Arrays.copyOf(onnx, 900));
              add(out, "b", new byte[50]);
            });
    Random random = new Random(23);
    for (int i = 0; i < 200; i++) {
      byte[] mutant = (i % 2 == 0 ? zip : tar).clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
      }
      try (ModelArtifact artifact = archive(mutant).resolve()) {
        assertThat(artifact.path()).exists();
      } catch (ModelLoadException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void resolve_whenItFails_closesThePackedModel() throws IOException {
    boolean[] closed = new boolean[1];
    ModelSource packed =
        () -> ModelSource.bytes("m.bin", onnx).resolve().onClose(() -> closed[0] = true);

    assertRefused(packed.archive());

    assertThat(closed[0]).isTrue();
  }

  @Test
  void toString_printsEveryValue() {
    assertThat(archive(new byte[3]).entry("a.onnx").maxBytes(5000).maxEntries(7))
        .hasToString(
            "archive (entry a.onnx, maxBytes 5,000, maxEntries 7) from 3 bytes \"model.bin\"");
  }
}

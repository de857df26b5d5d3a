package io.vivace.core.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxFileWriter;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path folder;

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void requireModes() {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
  }

  @Test
  void write_newFile_hasTheModeOfOne() throws IOException {
    requireModes();
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    Path file = folder.resolve("file");
    WholeFile.write(file, "text");
    assertThat(file).hasContent("text");
    assertThat(mode(file)).isEqualTo(mode(plain));
  }

  @Test
  void write_fileThatIsThere_keepsItsMode() throws IOException {
    requireModes();
    Path file = Files.writeString(folder.resolve("file"), "before");
    for (String mode : new String[] {"rw-------", "rw-rw-rw-", "r--r-----", "rwxr-xr-x"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      WholeFile.write(file, "after");
      assertThat(mode(file)).isEqualTo(mode);
      OnnxFileWriter.standard().write(file, OnnxContent.of(new byte[3]));
      assertThat(mode(file)).isEqualTo(mode);
    }
  }

  @Test
  void write_failsInTheMiddle_leavesFileAndFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before");
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    file,
                    part -> {
                      part.write(java.nio.ByteBuffer.allocate(10));
                      throw new IOException("full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("full");
    assertThat(file).hasContent("before");
    assertThat(folder).isDirectoryContaining(path -> true);
    assertThat(folder.toFile().list()).containsExactly("file");
  }
}

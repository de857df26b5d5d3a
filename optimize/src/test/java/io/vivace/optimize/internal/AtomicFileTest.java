package io.vivace.optimize.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
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
    AtomicFile.write(file, out -> out.write(1));
    assertThat(mode(file)).isEqualTo(mode(plain));
  }

  @Test
  void write_fileThatIsThere_keepsItsMode() throws IOException {
    requireModes();
    Path file = Files.writeString(folder.resolve("file"), "before");
    for (String mode : new String[] {"rw-------", "rw-rw-rw-", "r--r-----"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      AtomicFile.write(file, out -> out.write(1));
      assertThat(mode(file)).isEqualTo(mode);
    }
  }

  @Test
  void replace_fileThatIsThere_keepsItsMode() throws IOException {
    requireModes();
    Path file = Files.writeString(folder.resolve("file"), "before");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    AtomicFile.replace(Files.writeString(folder.resolve("part"), "after"), file);
    assertThat(file).hasContent("after");
    assertThat(mode(file)).isEqualTo("rw-rw-r--");
  }

  @Test
  void write_failsInTheMiddle_leavesFileAndFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("full");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("it is as it was");
    assertThat(file).hasContent("before");
    assertThat(folder.toFile().list()).containsExactly("file");
  }
}

package io.vivace.engines.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeArtifactTest {
  private static final String FOLDER = "PYTORCH_LIBRARY_PATH";

  /** A class path without the native artifact. */
  private static final class Bare extends ClassLoader {
    Bare() {
      super(NativeArtifactTest.class.getClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals("native/lib/pytorch.properties")
          ? Collections.emptyEnumeration()
          : super.getResources(name);
    }
  }

  private static NativeArtifact findOnBareClassPath(Path cache) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new Bare());
    try {
      return NativeArtifact.find(cache);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static <T> T with(String property, Path value, Supplier<T> action) {
    String before = System.getProperty(property);
    System.setProperty(property, value.toString());
    try {
      return action.get();
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  void find_artifactOnTheClassPath_saysWhereItIsUnpacked(@TempDir Path cache) {
    NativeArtifact artifact = NativeArtifact.find(cache);
    assertThat(artifact.isMissing()).isFalse();
    assertThat(artifact.origin()).contains("class path", cache.toString());
  }

  @Test
  void find_nowhere_namesTheCoordinates(@TempDir Path cache) {
    NativeArtifact artifact = findOnBareClassPath(cache);
    assertThat(artifact.isMissing()).isTrue();
    assertThat(artifact.howToAdd())
        .contains("ai.djl.pytorch:pytorch-native-cpu:2.", "download(true)");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void find_downloadedEarlier_saysWhere(@TempDir Path cache) throws IOException {
    NativeArtifact missing = findOnBareClassPath(cache);
    String[] parts = missing.coordinates().split("[: ]", -1);
    Path folder = cache.resolve(parts[2] + "-cpu-" + parts[3]);
    Files.createDirectories(folder);
    Files.createFile(folder.resolve(System.mapLibraryName("torch")));
    NativeArtifact artifact = findOnBareClassPath(cache);
    assertThat(artifact.origin()).isEqualTo(folder.toString());
  }

  @Test
  void find_folderOfTheUser_comesFirst(@TempDir Path folder) {
    NativeArtifact artifact = with(FOLDER, folder, NativeArtifact::find);
    assertThat(artifact.origin()).startsWith(folder.toString());
  }
}

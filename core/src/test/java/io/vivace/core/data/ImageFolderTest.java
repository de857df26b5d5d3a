package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  @Test
  void read_classFolders_areSortedWithTheirImages() throws IOException {
    for (String file : new String[] {"dog/2.png", "dog/10.JPG", "cat/b.jpeg", "Ant/x.bmp"}) {
      touch(file);
    }
    Dataset<Path, String> data = ImageFolder.read(folder);
    assertThat(data.labels()).containsExactly("Ant", "cat", "dog", "dog");
    assertThat(data.inputs())
        .containsExactly(
            folder.resolve("Ant/x.bmp"),
            folder.resolve("cat/b.jpeg"),
            folder.resolve("dog/10.JPG"),
            folder.resolve("dog/2.png"));
  }

  @Test
  void read_whatIsNoImage_isLeftOut() throws IOException {
    for (String file :
        new String[] {
          "cat/1.png", "cat/notes.txt", "cat/.2.png", "cat/png", "cat/deep.png/3.png"
        }) {
      touch(file);
    }
    touch(".git/x.png");
    touch("loose.png");
    assertThat(ImageFolder.read(folder).inputs()).containsExactly(folder.resolve("cat/1.png"));
  }

  @Test
  void read_classWithoutImage_isRefusedByName() throws IOException {
    touch("cat/1.png");
    touch("dog/notes.txt");
    assertThatThrownBy(() -> ImageFolder.read(folder))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("dog")
        .hasMessageContaining("png");
  }

  @Test
  void read_noClass_isRefused() throws IOException {
    touch("1.png");
    assertThatThrownBy(() -> ImageFolder.read(folder))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("one folder of images per class");
  }

  @Test
  void read_noFolder_saysSo() {
    assertThatThrownBy(() -> ImageFolder.read(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private void touch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }
}

package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.internal.TemporaryFolder;
import io.vivace.optimize.pack.PackedContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many bytes a model takes as an entropy-coded container: it is written and measured. */
final class PackedSize {
  private PackedSize() {}

  /**
   * The bytes; -1 where no container can hold the model, as with external data or another format.
   */
  static long of(ModelArtifact model, Path file) {
    if (model.format() != ModelFormat.ONNX) {
      return -1;
    }
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Path container = folder.file("model.vvp");
      PackedContainer.write(() -> ModelArtifact.of(model.name(), file, model.format()), container);
      return Files.size(container);
    } catch (GraphException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary folder cannot be read: " + e, e);
    }
  }
}

package io.vivace.core.model;

import java.nio.file.Files;
import java.nio.file.Path;

/** The file formats that a model may have. */
public enum ModelFormat {
  /**
   * An ONNX protobuf file, {@code .onnx}, or a container with one that Vivace packed: a source
   * inflates it, so that engines only ever see the file itself.
   */
  ONNX,
  /** A TorchScript archive, {@code .pt}. */
  TORCHSCRIPT,
  /** Anything else: left to the engine that is asked to open it. */
  OTHER;

  /**
   * Tells the format of a file from its content; the name does not matter.
   *
   * <p>ONNX is a protobuf message with a plausible IR version and a graph, TorchScript a zip file
   * with a pickle and code in one folder. Only the outermost structure is read: a file may be
   * recognised and still be damaged inside.
   *
   * @param path a file, or a folder
   * @return the format; {@link #OTHER} for a folder, an empty file and all that is not recognised
   * @throws io.vivace.core.ModelLoadException if the file does not exist or cannot be read
   */
  public static ModelFormat detect(Path path) {
    return Files.isDirectory(path) ? OTHER : ModelFiles.content(path).format();
  }
}

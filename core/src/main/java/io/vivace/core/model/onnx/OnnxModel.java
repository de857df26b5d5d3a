package io.vivace.core.model.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The skeleton of an ONNX file: everything but the values. Immutable; it stays as it is when the
 * file changes, but its ranges are good only for the file that was read.
 *
 * @param name how messages name the model, for example the file name
 * @param path the file
 * @param irVersion the version of the file format
 * @param opsets version of each operator set by domain; the empty domain is ONNX's own
 * @param producer the program that wrote the file; may be empty
 * @param graph the graph
 * @param functions operators that the model defines itself
 * @param trainingGraphs graphs that only training uses
 * @param metadata names and values that the producer added, in the file's order
 * @param bytes the model's message: the whole file
 * @param kept fields that are not interpreted
 */
public record OnnxModel(
    String name,
    Path path,
    long irVersion,
    Map<String, Long> opsets,
    String producer,
    OnnxGraph graph,
    List<OnnxFunction> functions,
    List<OnnxGraph> trainingGraphs,
    Map<String, String> metadata,
    ByteRange bytes,
    List<ByteRange> kept) {
  /**
   * Reads the skeleton of a file. Checks that the file is well formed, but not what it says: see
   * {@link OnnxValidator}.
   *
   * @param path the file
   * @return the skeleton
   * @throws io.vivace.core.ModelLoadException if the file cannot be read or is no ONNX model
   */
  public static OnnxModel read(Path path) {
    return read(String.valueOf(path.getFileName()), path, OnnxLimits.standard());
  }

  static OnnxModel read(String name, Path path, OnnxLimits limits) {
    try (WireFile file = WireFile.open(name, path, limits.parts())) {
      return new ModelReader(file, limits).read(path);
    }
  }
}

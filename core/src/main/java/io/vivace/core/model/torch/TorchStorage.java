package io.vivace.core.model.torch;

import io.vivace.core.model.onnx.OnnxElementType;

/**
 * Elements in a row, in a file of the archive of their own; several tensors may look into one.
 *
 * @param key the name of the file below {@code data/}
 * @param type the type of the elements, which are little-endian
 * @param elements how many there are, at least 0
 */
public record TorchStorage(String key, OnnxElementType type, long elements) {
  /**
   * Returns the number of bytes.
   *
   * @return at least 0
   */
  public long bytes() {
    return type.bytes(elements);
  }
}

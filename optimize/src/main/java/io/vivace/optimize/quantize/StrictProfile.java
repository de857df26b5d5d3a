package io.vivace.optimize.quantize;

/**
 * Which release of ONNX Runtime's quantization tool strict mode reproduces: same tensors byte for
 * byte, same nodes with the same names in the same order.
 *
 * <p>Use it to compare with models that were made in Python. The default mode is better and no
 * larger.
 */
public enum StrictProfile {
  /**
   * The older releases that made many published files, such as the 8-bit all-MiniLM-L6-v2 on Maven
   * Central: embedding tables are unsigned and symmetric, zero point 128.
   */
  SYMMETRIC_TABLES(true),
  /** Release 1.30 and the ones shortly before: embedding tables are unsigned and asymmetric. */
  ONNXRUNTIME_1_30(false);

  private final boolean symmetricTables;

  StrictProfile(boolean symmetricTables) {
    this.symmetricTables = symmetricTables;
  }

  boolean symmetricTables() {
    return symmetricTables;
  }
}

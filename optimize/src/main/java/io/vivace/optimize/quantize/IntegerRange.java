package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;

/**
 * The integers that quantized values may take.
 *
 * <p>The same as ONNX Runtime's tool takes: symmetric narrows signed types to -127..127, reduced
 * takes one bit away (signed: -64..64) and goes before symmetric.
 *
 * @param type the element type
 * @param lowest the lowest integer
 * @param highest the highest integer
 */
record IntegerRange(OnnxElementType type, int lowest, int highest) {
  static IntegerRange signed(boolean symmetric, boolean reduced) {
    if (reduced) {
      return new IntegerRange(OnnxElementType.INT8, -64, 64);
    }
    return new IntegerRange(OnnxElementType.INT8, symmetric ? -127 : -128, 127);
  }

  static IntegerRange unsigned(boolean reduced) {
    return new IntegerRange(OnnxElementType.UINT8, 0, reduced ? 127 : 255);
  }

  /** What the type itself can hold; values are cut off there. */
  int typeLowest() {
    return type == OnnxElementType.INT8 ? Byte.MIN_VALUE : 0;
  }

  int typeHighest() {
    return type == OnnxElementType.INT8 ? Byte.MAX_VALUE : 255;
  }
}

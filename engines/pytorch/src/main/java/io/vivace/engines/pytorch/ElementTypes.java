package io.vivace.engines.pytorch;

import ai.djl.ndarray.types.DataType;
import io.vivace.core.model.ElementType;
import org.jspecify.annotations.Nullable;

/** Element types, theirs and ours. */
final class ElementTypes {
  private ElementTypes() {}

  /** DJL's type, or null for text, which PyTorch has not. */
  static @Nullable DataType toNative(ElementType type) {
    return switch (type) {
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT64 -> DataType.FLOAT64;
      case FLOAT16 -> DataType.FLOAT16;
      case INT8 -> DataType.INT8;
      case UINT8 -> DataType.UINT8;
      case INT32 -> DataType.INT32;
      case INT64 -> DataType.INT64;
      case BOOL -> DataType.BOOLEAN;
      case STRING -> null;
    };
  }

  /** Our type, or null where there is none, for complex numbers and bfloat16 for example. */
  static @Nullable ElementType of(DataType type) {
    return switch (type) {
      case FLOAT32 -> ElementType.FLOAT32;
      case FLOAT64 -> ElementType.FLOAT64;
      case FLOAT16 -> ElementType.FLOAT16;
      case INT8 -> ElementType.INT8;
      case UINT8 -> ElementType.UINT8;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case BOOLEAN -> ElementType.BOOL;
      default -> null;
    };
  }
}

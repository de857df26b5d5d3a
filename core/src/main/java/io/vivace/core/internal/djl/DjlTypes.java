package io.vivace.core.internal.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The same types and shapes in the words of both sides. */
final class DjlTypes {
  private DjlTypes() {}

  static DataType dataType(ElementType type) {
    return type == ElementType.BOOL ? DataType.BOOLEAN : DataType.valueOf(type.name());
  }

  static ElementType elementType(DataType type) {
    return switch (type) {
      case FLOAT32 -> ElementType.FLOAT32;
      case FLOAT64 -> ElementType.FLOAT64;
      case FLOAT16 -> ElementType.FLOAT16;
      case INT8 -> ElementType.INT8;
      case UINT8 -> ElementType.UINT8;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case BOOLEAN -> ElementType.BOOL;
      case STRING -> ElementType.STRING;
      default -> throw new EngineException("tensors cannot hold elements of DJL's type " + type);
    };
  }

  static Shape shape(ai.djl.ndarray.types.Shape shape) {
    return Shape.of(shape.getShape());
  }

  /** Copies an array into a new tensor. */
  static Tensor tensor(NDArray array) {
    Shape shape = shape(array.getShape());
    if (array.getDataType() == DataType.STRING) {
      return Tensor.of(array.toStringArray(), shape.toArray());
    }
    Tensor tensor = Tensor.allocate(elementType(array.getDataType()), shape);
    tensor.data().put(array.toByteBuffer());
    return tensor;
  }

  /** Copies a tensor into a new array. */
  static NDArray array(NDManager manager, Tensor tensor) {
    var shape = new ai.djl.ndarray.types.Shape(tensor.shape().toArray());
    if (tensor.type() == ElementType.STRING) {
      return manager.create(tensor.strings(), StandardCharsets.UTF_8, shape);
    }
    // A copy, because PyTorch would share the memory that the next run writes to.
    ByteBuffer data = tensor.data();
    ByteBuffer copy = manager.allocateDirect(data.remaining()).put(data).rewind();
    return manager.create(copy, shape, dataType(tensor.type()));
  }
}

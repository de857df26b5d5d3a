package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vivace.core.model.ElementType;
import io.vivace.core.tensor.Tensor;
import java.util.List;

/** Encoded inputs, in the order of the network's inputs, and their labels. */
record Batch<Y>(List<Tensor> inputs, List<Y> labels) {
  NDList arrays(NDManager manager) {
    NDList arrays = new NDList();
    for (Tensor tensor : inputs) {
      arrays.add(array(manager, tensor));
    }
    return arrays;
  }

  private static NDArray array(NDManager manager, Tensor tensor) {
    return manager.create(tensor.data(), new Shape(tensor.shape().toArray()), type(tensor.type()));
  }

  private static DataType type(ElementType type) {
    return switch (type) {
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT64 -> DataType.FLOAT64;
      case FLOAT16 -> DataType.FLOAT16;
      case INT8 -> DataType.INT8;
      case UINT8 -> DataType.UINT8;
      case INT32 -> DataType.INT32;
      case INT64 -> DataType.INT64;
      case BOOL -> DataType.BOOLEAN;
      case STRING ->
          throw new IllegalArgumentException("text cannot be trained on: encode it as numbers");
    };
  }
}

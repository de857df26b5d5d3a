package io.vivace.engines.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The results of one call, in the memory where PyTorch left them, until the next call. */
final class Outputs implements AutoCloseable {
  private final PtNDManager manager;
  private final List<PtNDArray> arrays = new ArrayList<>(1);

  Outputs(PtNDManager manager) {
    this.manager = manager;
  }

  /**
   * Takes over the results: a tensor, or lists, tuples and dictionaries of them, flattened. A
   * dictionary's values come in the order of their keys.
   *
   * @throws EngineException if something else is among them
   */
  List<Tensor> take(IValue result) {
    if (result.isTensor()) {
      return List.of(tensor(result));
    }
    List<Tensor> tensors = new ArrayList<>();
    flatten(result, tensors);
    return List.copyOf(tensors);
  }

  private void flatten(IValue value, List<Tensor> into) {
    if (value.isTensor()) {
      into.add(tensor(value));
    } else if (value.isMap()) {
      Map<String, IValue> entries = new TreeMap<>(value.toIValueMap());
      flattenAll(entries.values().toArray(IValue[]::new), into);
    } else if (value.isTuple()) {
      flattenAll(value.toIValueTuple(), into);
    } else if (value.isList()) {
      flattenAll(value.toIValueArray(), into);
    } else {
      throw new EngineException(
          "an output is a "
              + value.getType()
              + "; tensors can be used, and lists, tuples and dictionaries of them");
    }
  }

  private void flattenAll(IValue[] values, List<Tensor> into) {
    try {
      for (IValue value : values) {
        flatten(value, into);
      }
    } finally {
      for (IValue value : values) {
        value.close();
      }
    }
  }

  private Tensor tensor(IValue value) {
    PtNDArray array = value.toTensor(manager);
    arrays.add(array);
    ElementType type = ElementTypes.of(array.getDataType());
    if (type == null) {
      throw new EngineException(
          "an output is of a type that Vivace does not have: " + array.getDataType());
    }
    Shape shape = Shape.of(array.getShape().getShape());
    if (shape.elements() == 0) {
      return Tensor.allocate(type, shape);
    }
    ByteBuffer memory = array.toByteBuffer(true);
    return Tensor.wrap(type, shape, memory);
  }

  @Override
  public void close() {
    for (PtNDArray array : arrays) {
      array.close();
    }
    arrays.clear();
  }
}

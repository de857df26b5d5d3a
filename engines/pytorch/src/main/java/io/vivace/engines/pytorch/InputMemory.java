package io.vivace.engines.pytorch;

import io.vivace.core.EngineException;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One direct buffer per input, for tensors of many shapes, one list of shapes at a time. */
final class InputMemory {
  private final List<ByteBuffer> buffers = new ArrayList<>();

  /**
   * Makes room for inputs.
   *
   * @return whether a buffer was replaced, so that tensors made before lie elsewhere
   */
  boolean reserve(List<TensorSpec> specs) {
    boolean replaced = false;
    for (int i = 0; i < specs.size(); i++) {
      int bytes = bytes(specs.get(i));
      if (i == buffers.size()) {
        buffers.add(allocate(specs.get(i), bytes));
      } else if (buffers.get(i).capacity() < bytes) {
        buffers.set(i, allocate(specs.get(i), bytes));
        replaced = true;
      }
    }
    return replaced;
  }

  /** The input's tensor, from the start of its buffer. */
  Tensor tensor(int input, TensorSpec spec) {
    return Tensor.wrap(spec.type(), spec.shape(), buffers.get(input));
  }

  private static int bytes(TensorSpec spec) {
    try {
      return Math.toIntExact(Math.multiplyExact(spec.shape().elements(), spec.type().bytes()));
    } catch (ArithmeticException e) {
      throw new EngineException("input " + spec + " needs more than 2 GiB", e);
    }
  }

  private static ByteBuffer allocate(TensorSpec spec, int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      throw new EngineException(
          String.format(
              "input %s needs %,d bytes outside the heap, which are not there. Use a smaller"
                  + " batch, or raise -XX:MaxDirectMemorySize.",
              spec, bytes),
          e);
    }
  }
}

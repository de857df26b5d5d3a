package io.vivace.core.model.onnx;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.Shape;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Checks the indices of sparse tensors: in range, ascending, none twice. ONNX Runtime 1.21 writes
 * to whatever address an index out of range leads to.
 *
 * <p>Values and indices have passed {@link TensorCheck} before.
 */
final class SparseCheck {
  private final Refusal refusal;
  private final WireFile file;

  SparseCheck(Refusal refusal, WireFile file) {
    this.refusal = refusal;
    this.file = file;
  }

  void check(OnnxSparseTensor tensor) {
    Shape values = tensor.values().shape();
    if (values.rank() != 1) {
      throw wrong(tensor, "values of shape %s, allowed is one axis".formatted(values));
    }
    long count = values.dimension(0);
    int rank = tensor.shape().rank();
    Shape indices = tensor.indices().shape();
    if (indices.equals(Shape.of(count))) {
      ascending(tensor, count, new long[] {elements(tensor)});
    } else if (indices.equals(Shape.of(count, rank))) {
      ascending(tensor, count, tensor.shape().toArray());
    } else {
      throw wrong(
          tensor,
          "indices of shape %s, allowed is %s or %s"
              .formatted(indices, Shape.of(count), Shape.of(count, rank)));
    }
  }

  private long elements(OnnxSparseTensor tensor) {
    try {
      return tensor.shape().elements();
    } catch (ArithmeticException e) {
      throw wrong(tensor, "more than 2^63 elements");
    }
  }

  private void ascending(OnnxSparseTensor tensor, long count, long[] sizes) {
    elements(tensor);
    LongSupplier source = source(tensor);
    long[] previous = new long[sizes.length];
    long[] index = new long[sizes.length];
    for (long row = 0; row < count; row++) {
      for (int axis = 0; axis < sizes.length; axis++) {
        index[axis] = source.getAsLong();
        if (index[axis] < 0 || index[axis] >= sizes[axis]) {
          throw wrong(
              tensor, "the index %d, allowed is 0 to %d".formatted(index[axis], sizes[axis] - 1));
        }
      }
      if (row > 0 && Arrays.compare(previous, index) >= 0) {
        throw wrong(
            tensor,
            "the index %s after %s, allowed is ascending order"
                .formatted(Arrays.toString(index), Arrays.toString(previous)));
      }
      System.arraycopy(index, 0, previous, 0, index.length);
    }
  }

  private LongSupplier source(OnnxSparseTensor tensor) {
    OnnxTensor indices = tensor.indices();
    switch (indices.type()) {
      // ONNX asks for INT64; ONNX Runtime's own tool writes the smallest that fits.
      case INT8, INT16, INT32, INT64 -> {}
      default -> throw wrong(tensor, "indices of type %s".formatted(indices.type()));
    }
    if (indices.payload() instanceof OnnxPayload.External) {
      throw wrong(tensor, "indices in another file, allowed is the model's own file");
    }
    return IntegerValues.of(file, indices);
  }

  private ModelLoadException wrong(OnnxSparseTensor tensor, String problem) {
    return refusal.because(
        "has the sparse tensor %s of shape %s with %s"
            .formatted(Refusal.quote(tensor.name()), tensor.shape(), problem));
  }
}

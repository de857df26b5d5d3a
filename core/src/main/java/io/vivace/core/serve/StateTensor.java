package io.vivace.core.serve;

import io.vivace.core.EngineException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.codec.RowReader;
import io.vivace.core.codec.RowWriter;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/**
 * One tensor that is carried from call to call.
 *
 * @param input the model's input that takes it, with the shape of one row
 * @param output the name of the output that gives it
 */
record StateTensor(TensorSpec input, String output) {
  private static final Set<ElementType> TYPES =
      EnumSet.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.INT32, ElementType.INT64);

  StateTensor {
    if (input.name().isBlank() || output.isBlank()) {
      throw new IllegalArgumentException("a state needs the names of its input and its output");
    }
    if (!TYPES.contains(input.type())) {
      throw new IllegalArgumentException("a state is one of " + TYPES + ", but was " + input);
    }
    if (input.shape().isDynamic()) {
      throw new IllegalArgumentException(
          "a state has one shape for ever, without open sizes, but was " + input);
    }
  }

  Tensor zeros() {
    return Tensor.allocate(input.type(), input.shape());
  }

  void check(Tensor value) {
    if (value.type() != input.type() || !value.shape().equals(input.shape())) {
      throw new InvalidInputException("the state " + input + " must not be " + value);
    }
  }

  void write(Tensor value, RowWriter out) {
    switch (value.type()) {
      case FLOAT32 -> out.putFloats(value.toFloats());
      case FLOAT64 -> {
        double[] values = new double[value.size()];
        value.data().asDoubleBuffer().get(values);
        out.putDoubles(values);
      }
      case INT64 -> out.putLongs(value.toLongs());
      default -> {
        int[] values = new int[value.size()];
        value.data().asIntBuffer().get(values);
        out.putInts(values);
      }
    }
  }

  Tensor read(RowReader row) {
    Shape shape = input.shape();
    if (row.type() != input.type() || row.size() != shape.elements()) {
      throw new EngineException(
          String.format(
              "output \"%s\" must give the next state %s, but gave %s %s",
              output, input, row.type(), row.shape()));
    }
    Tensor next = zeros();
    ByteBuffer data = next.data();
    switch (row.type()) {
      case FLOAT32 -> data.asFloatBuffer().put(row.toFloats());
      case FLOAT64 -> data.asDoubleBuffer().put(row.toDoubles());
      case INT64 -> data.asLongBuffer().put(row.toLongs());
      default -> {
        for (int i = 0; i < row.size(); i++) {
          data.putInt((int) row.getLong(i));
        }
      }
    }
    return next;
  }
}

package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.codec.ModelRow;
import io.vivace.core.codec.RowReader;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.ArrayList;
import java.util.List;

/** One row of each output of a network, and of each input. */
final class OutputRow implements ModelRow {
  private final Signature signature;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;
  private final int row;

  private OutputRow(Signature signature, List<Tensor> inputs, List<Tensor> outputs, int row) {
    this.signature = signature;
    this.inputs = inputs;
    this.outputs = outputs;
    this.row = row;
  }

  static List<OutputRow> of(NDList arrays, Batch<?> batch, Signature inputs) {
    List<Tensor> outputs = arrays.stream().map(OutputRow::tensor).toList();
    Signature signature = new Signature(inputs.inputs(), specs(inputs, outputs));
    int rows = Math.toIntExact(batch.inputs().get(0).shape().dimension(0));
    List<OutputRow> result = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      result.add(new OutputRow(signature, batch.inputs(), outputs, row));
    }
    return result;
  }

  static Tensor tensor(NDArray array) {
    NDArray readable =
        array.getDataType() == DataType.INT64 ? array : array.toType(DataType.FLOAT32, false);
    ElementType type =
        array.getDataType() == DataType.INT64 ? ElementType.INT64 : ElementType.FLOAT32;
    Shape shape = Shape.of(array.getShape().getShape());
    return Tensor.wrap(type, shape, TrainingEngine.copy(readable));
  }

  private static List<TensorSpec> specs(Signature declared, List<Tensor> outputs) {
    List<TensorSpec> specs = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      String name = i < declared.outputs().size() ? declared.outputs().get(i).name() : "output" + i;
      Shape row = outputs.get(i).shape().dropFirst();
      specs.add(new TensorSpec(name, outputs.get(i).type(), row.prepend(Shape.ANY)));
    }
    return specs;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public RowReader output(int index) {
    return new TensorSlice(outputs.get(index), row);
  }

  @Override
  public RowReader output(String name) {
    return new TensorSlice(outputs.get(position(signature.outputs(), name)), row);
  }

  @Override
  public RowReader input(String name) {
    return new TensorSlice(inputs.get(position(signature.inputs(), name)), row);
  }

  private static int position(List<TensorSpec> specs, String name) {
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "there is no tensor \"%s\", there are %s".formatted(name, specs));
  }
}

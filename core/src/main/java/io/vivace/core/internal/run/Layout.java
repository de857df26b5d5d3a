package io.vivace.core.internal.run;

import io.vivace.core.InvalidInputException;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.internal.schedule.Sizing;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** How the rows of a codec lie in the inputs of a model: which tensor goes where, and the batch. */
final class Layout {
  /**
   * No run may have more rows than {@link Plan#MAX_BATCH_SIZE}; a dynamic batch axis allows all.
   */
  static final int ANY_BATCH = 0;

  /**
   * One input of the model.
   *
   * @param codecTensor the position in the codec's tensors
   * @param codec what the codec writes: a row
   * @param model what the model takes, the batch axis included
   * @param batched whether the model's first axis is the batch
   * @param row the row's shape in the model, with open sizes where neither side fixes them
   */
  record Input(int codecTensor, TensorSpec codec, TensorSpec model, boolean batched, Shape row) {}

  private final List<Input> inputs;
  private final int fixedBatch;
  private final boolean open;

  private Layout(List<Input> inputs, int fixedBatch) {
    this.inputs = inputs;
    this.fixedBatch = fixedBatch;
    this.open = inputs.stream().anyMatch(input -> input.row().isDynamic());
  }

  /**
   * Matches a codec with a model.
   *
   * @param faults receives what does not fit
   */
  static Layout match(Preprocessor<?> codec, Signature signature, List<String> faults) {
    List<TensorSpec> tensors = codec.tensors();
    List<Input> inputs = new ArrayList<>();
    if (!signature.isDeclared()) {
      for (int i = 0; i < tensors.size(); i++) {
        TensorSpec row = tensors.get(i);
        TensorSpec model = new TensorSpec(row.name(), row.type(), row.shape().prepend(Shape.ANY));
        inputs.add(new Input(i, row, model, true, row.shape()));
      }
      return new Layout(inputs, ANY_BATCH);
    }
    boolean[] used = new boolean[tensors.size()];
    for (int i = 0; i < signature.inputs().size(); i++) {
      TensorSpec model = signature.inputs().get(i);
      int tensor = find(tensors, model.name(), i);
      if (tensor < 0) {
        faults.add("the model's input " + model + " has no value: the codec writes " + tensors);
        continue;
      }
      used[tensor] = true;
      match(codec, tensor, model, inputs, faults);
    }
    for (int i = 0; i < used.length; i++) {
      if (!used[i] && !codec.isOptional(tensors.get(i))) {
        faults.add(
            "the codec writes " + tensors.get(i) + ", which is no input of " + signature.inputs());
      }
    }
    return new Layout(inputs, fixedBatch(inputs));
  }

  private static int find(List<TensorSpec> tensors, String name, int position) {
    for (int i = 0; i < tensors.size(); i++) {
      if (!name.isEmpty() && tensors.get(i).name().equals(name)) {
        return i;
      }
    }
    boolean byPosition = position < tensors.size() && tensors.get(position).name().isEmpty();
    return byPosition ? position : -1;
  }

  private static void match(
      Preprocessor<?> codec,
      int tensor,
      TensorSpec model,
      List<Input> inputs,
      List<String> faults) {
    TensorSpec row = codec.tensors().get(tensor);
    if (row.type() != model.type() && !codec.accepts(row, model.type())) {
      faults.add("input " + model + " has another element type than the codec's row " + row);
      return;
    }
    int extra = model.shape().rank() - row.shape().rank();
    boolean batched = extra == 1;
    Shape wanted = batched ? model.shape().dropFirst() : model.shape();
    if ((extra != 0 && extra != 1) || !row.shape().matches(wanted)) {
      faults.add(
          "input "
              + model
              + " does not take the codec's rows "
              + row
              + ": without the batch axis it has shape "
              + (model.shape().rank() == 0 ? model.shape() : model.shape().dropFirst()));
      return;
    }
    inputs.add(new Input(tensor, row, model, batched, narrow(row.shape(), wanted)));
  }

  /** The sizes that either side fixes. */
  private static Shape narrow(Shape codec, Shape model) {
    long[] sizes = codec.toArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] == Shape.ANY ? model.dimension(i) : sizes[i];
    }
    return Shape.of(sizes);
  }

  /** A model with an input that has no batch axis takes one row at a time. */
  private static int fixedBatch(List<Input> inputs) {
    int fixed = ANY_BATCH;
    for (Input input : inputs) {
      if (!input.batched()) {
        return 1;
      }
      long size = input.model().shape().dimension(0);
      if (size != Shape.ANY) {
        fixed = Math.toIntExact(size);
      }
    }
    return fixed;
  }

  List<Input> inputs() {
    return inputs;
  }

  /** The size of the batch that the model insists on, or {@link #ANY_BATCH}. */
  int fixedBatch() {
    return fixedBatch;
  }

  /** Whether rows may differ in size from item to item. */
  boolean isOpen() {
    return open;
  }

  /** The full shapes of a run whose rows all have the layout's own, closed shape. */
  List<TensorSpec> closedSpecs(int rows) {
    List<TensorSpec> specs = new ArrayList<>(inputs.size());
    for (Input input : inputs) {
      specs.add(full(input, input.row(), rows));
    }
    return specs;
  }

  /** The full shapes of a run of so many rows or more, with one size for all open axes. */
  List<TensorSpec> warmUpSpecs(int openSize, int rows) {
    List<TensorSpec> specs = new ArrayList<>(inputs.size());
    for (Input input : inputs) {
      long[] sizes = input.row().toArray();
      for (int axis = 0; axis < sizes.length; axis++) {
        sizes[axis] = sizes[axis] == Shape.ANY ? openSize : sizes[axis];
      }
      specs.add(full(input, Shape.of(sizes), Math.max(rows, fixedBatch)));
    }
    return specs;
  }

  /** The full shapes of a run: along each open axis as large as the largest row. */
  List<TensorSpec> openSpecs(EncodedRow[] rows, int from, int count, int batch) {
    List<TensorSpec> specs = new ArrayList<>(inputs.size());
    for (Input input : inputs) {
      long[] sizes = input.row().toArray();
      boolean[] fixed = new boolean[sizes.length];
      for (int axis = 0; axis < sizes.length; axis++) {
        fixed[axis] = sizes[axis] != Shape.ANY;
      }
      for (int i = from; i < from + count; i++) {
        Shape shape = rows[i].shape(input.codecTensor(), input.codec());
        for (int axis = 0; axis < sizes.length; axis++) {
          sizes[axis] = fixed[axis] ? sizes[axis] : Math.max(sizes[axis], shape.dimension(axis));
        }
      }
      specs.add(full(input, Shape.of(sizes), batch));
    }
    return specs;
  }

  /** Checks that a row fits where the codec leaves sizes open. */
  void check(EncodedRow row) {
    for (Input input : inputs) {
      if (!input.codec().shape().isDynamic()) {
        continue;
      }
      Shape shape = row.shape(input.codecTensor(), input.codec());
      boolean fits = shape.rank() == input.row().rank() && !shape.isDynamic();
      for (int axis = 0; fits && axis < shape.rank(); axis++) {
        long size = input.row().dimension(axis);
        fits = size == Shape.ANY || shape.dimension(axis) <= size;
      }
      if (!fits) {
        throw new InvalidInputException(
            "input "
                + input.model()
                + " takes rows of at most "
                + input.row()
                + ", but was "
                + shape);
      }
    }
  }

  /** How many elements a row has in open tensors: what batches are sorted by. */
  long volume(EncodedRow row) {
    long volume = 0;
    for (Input input : inputs) {
      if (input.row().isDynamic()) {
        volume += row.shape(input.codecTensor(), input.codec()).elements();
      }
    }
    return volume;
  }

  /** The group of rows that a row may run together with. */
  int group(EncodedRow row) {
    return open ? Sizing.group(volume(row)) : 0;
  }

  /** The group of rows with one size for all open axes. */
  int warmUpGroup(int openSize) {
    long volume = 0;
    for (Input input : inputs) {
      if (input.row().isDynamic()) {
        long elements = 1;
        for (long size : input.row().toArray()) {
          elements *= size == Shape.ANY ? openSize : size;
        }
        volume += elements;
      }
    }
    return open ? Sizing.group(volume) : 0;
  }

  private static TensorSpec full(Input input, Shape row, int rows) {
    Shape shape = input.batched() ? row.prepend(rows) : row;
    return new TensorSpec(input.model().name(), input.model().type(), shape);
  }
}

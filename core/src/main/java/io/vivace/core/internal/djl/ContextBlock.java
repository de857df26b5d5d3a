package io.vivace.core.internal.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.vivace.core.InvalidInputException;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A DJL block whose forward pass is one run of an execution context. */
final class ContextBlock extends AbstractSymbolBlock implements AutoCloseable {
  private final Signature signature;
  private final ExecutionContext context;

  ContextBlock(Signature signature, ExecutionContext context) {
    this.signature = signature;
    this.context = context;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    List<NDArray> arrays = ordered(inputs);
    List<TensorSpec> specs = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      specs.add(spec(i, arrays.get(i)));
    }
    List<Tensor> memory = context.prepare(specs);
    for (int i = 0; i < arrays.size(); i++) {
      write(arrays.get(i), memory.get(i));
    }
    return read(context.run(), inputs.head().getManager());
  }

  /** The arrays in the model's order: by name where they have names, else as they come. */
  private List<NDArray> ordered(NDList inputs) {
    List<TensorSpec> wanted = signature.inputs();
    boolean named = inputs.stream().anyMatch(array -> array.getName() != null);
    if (!signature.isDeclared() || (!named && inputs.size() == wanted.size())) {
      return inputs;
    }
    List<NDArray> ordered = new ArrayList<>();
    for (TensorSpec spec : wanted) {
      ordered.add(inputs.get(spec.name()));
    }
    if (inputs.size() != wanted.size() || ordered.contains(null)) {
      List<String> names = inputs.stream().map(NDArray::getName).toList();
      throw new InvalidInputException(
          String.format(
              "the model takes the inputs %s, but the translator gave %d arrays with the names %s",
              wanted, inputs.size(), names));
    }
    return ordered;
  }

  private TensorSpec spec(int position, NDArray array) {
    TensorSpec found =
        new TensorSpec(
            name(position),
            DjlTypes.elementType(array.getDataType()),
            DjlTypes.shape(array.getShape()));
    if (signature.isDeclared()) {
      TensorSpec wanted = signature.inputs().get(position);
      if (found.type() != wanted.type() || !wanted.shape().matches(found.shape())) {
        throw new InvalidInputException(
            "the model takes the input " + wanted + ", but the translator gave " + found);
      }
    }
    return found;
  }

  private String name(int position) {
    return signature.isDeclared() ? signature.inputs().get(position).name() : "";
  }

  private static void write(NDArray array, Tensor memory) {
    if (array.getDataType() == DataType.STRING) {
      System.arraycopy(array.toStringArray(), 0, memory.strings(), 0, memory.size());
    } else {
      memory.data().put(array.toByteBuffer());
    }
  }

  private NDList read(List<Tensor> outputs, NDManager manager) {
    NDList arrays = new NDList();
    for (int i = 0; i < outputs.size(); i++) {
      NDArray array = DjlTypes.array(manager, outputs.get(i));
      if (i < signature.outputs().size()) {
        array.setName(signature.outputs().get(i).name());
      }
      arrays.add(array);
    }
    return arrays;
  }

  @Override
  public ParameterList getDirectParameters() {
    return new ParameterList();
  }

  @Override
  public void removeLastBlock() {
    throw new UnsupportedOperationException("a loaded model keeps all its blocks");
  }

  @Override
  public PairList<String, Shape> describeInput() {
    return describe(signature.inputs());
  }

  @Override
  public PairList<String, Shape> describeOutput() {
    return describe(signature.outputs());
  }

  private static PairList<String, Shape> describe(List<TensorSpec> specs) {
    PairList<String, Shape> described = new PairList<>();
    specs.forEach(spec -> described.add(spec.name(), new Shape(spec.shape().toArray())));
    return described;
  }

  @Override
  public void close() {
    context.close();
  }
}

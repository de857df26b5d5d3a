package io.vivace.core.codec;

import io.vivace.core.InvalidInputException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.TensorSpec;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** A codec whose items go through a function first. */
final class PreparedInput<J, I> implements Preprocessor<J> {
  private final Preprocessor<I> codec;
  private final Function<? super J, ? extends I> function;

  PreparedInput(Preprocessor<I> codec, Function<? super J, ? extends I> function) {
    this.codec = codec;
    this.function = Objects.requireNonNull(function, "function");
  }

  @Override
  public List<TensorSpec> tensors() {
    return codec.tensors();
  }

  @Override
  public EncodedRow encode(J item) {
    if (item == null) {
      throw new InvalidInputException("the item must not be null");
    }
    I prepared;
    try {
      prepared = function.apply(item);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("the item could not be prepared: " + e.getMessage(), e);
    }
    return codec.encode(prepared);
  }

  @Override
  public boolean isOptional(TensorSpec tensor) {
    return codec.isOptional(tensor);
  }

  @Override
  public boolean accepts(TensorSpec tensor, ElementType modelType) {
    return codec.accepts(tensor, modelType);
  }

  @Override
  public String toString() {
    return codec + ".after(" + function + ")";
  }
}

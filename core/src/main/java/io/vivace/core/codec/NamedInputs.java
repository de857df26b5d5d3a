package io.vivace.core.codec;

import io.vivace.core.InvalidInputException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Feeds one item to several inputs of the model. Immutable and thread-safe.
 *
 * <pre>{@code
 * NamedInputs.from(Customer.class)
 *     .input("age", VectorInput.floats(1), customer -> new float[] {customer.age()})
 *     .input("history", VectorInput.longs(12), Customer::history)
 * }</pre>
 *
 * @param <I> the type of the items
 */
public final class NamedInputs<I> implements Preprocessor<I> {
  private final List<Part<I, ?>> parts;
  private final List<TensorSpec> tensors;

  /** For each tensor the part that it belongs to. */
  private final int[] partOf;

  private NamedInputs(List<Part<I, ?>> parts) {
    this.parts = List.copyOf(parts);
    this.tensors = parts.stream().flatMap(part -> part.specs().stream()).toList();
    this.partOf = new int[tensors.size()];
    Set<String> names = new HashSet<>();
    int at = 0;
    for (int p = 0; p < parts.size(); p++) {
      for (TensorSpec spec : parts.get(p).specs()) {
        if (spec.name().isBlank() || !names.add(spec.name())) {
          throw new IllegalArgumentException(
              "every input needs a name of its own, but found \"" + spec.name() + '"');
        }
        partOf[at++] = p;
      }
    }
  }

  /**
   * Starts with items of a type and no input yet.
   *
   * @param type the type of the items; only tells the compiler
   * @param <I> the type of the items
   * @return a codec, to be completed with inputs
   */
  public static <I> NamedInputs<I> from(Class<I> type) {
    return new NamedInputs<>(List.of());
  }

  /**
   * Takes records: each component becomes an input of its name, with rows of shape {@code [1]}.
   *
   * @param type a record whose components are {@code float}, {@code double}, {@code int}, {@code
   *     long}, {@code boolean} or {@code String}
   * @param <R> the type of the records
   * @return a codec
   * @throws IllegalArgumentException if a component has another type, or cannot be read by
   *     reflection
   */
  public static <R extends Record> NamedInputs<R> record(Class<R> type) {
    return RecordComponents.inputs(type);
  }

  /**
   * Takes maps that hold, under the name of each input, the array that its codec takes. Further
   * keys are ignored.
   *
   * @param inputs the input's name, which is also the key, and the codec of its array
   * @return a codec
   */
  public static NamedInputs<Map<String, ?>> map(Map<String, ? extends VectorInput<?>> inputs) {
    List<Part<Map<String, ?>, ?>> parts = new ArrayList<>();
    inputs.forEach((name, codec) -> parts.add(entry(name, codec)));
    parts.sort(Comparator.comparing(part -> part.specs().get(0).name()));
    return new NamedInputs<>(parts);
  }

  private static <A> Part<Map<String, ?>, A> entry(String name, VectorInput<A> codec) {
    List<TensorSpec> specs = codec.named(name).tensors();
    return new Part<>(codec, specs, map -> codec.cast(map.get(name)));
  }

  /**
   * Returns this codec with one more input.
   *
   * @param name the input's name
   * @param codec says how the value becomes a row; must have exactly one tensor
   * @param value takes the value from an item
   * @param <V> the type of the value
   * @return a changed copy
   * @throws IllegalArgumentException if the codec has more than one tensor, or the name is blank or
   *     taken
   */
  public <V> NamedInputs<I> input(String name, Preprocessor<V> codec, Function<I, V> value) {
    List<TensorSpec> specs = codec.tensors();
    if (specs.size() != 1) {
      throw new IllegalArgumentException(
          "input \"" + name + "\" needs a codec of one tensor, but " + codec + " has " + specs);
    }
    TensorSpec spec = specs.get(0);
    return with(new Part<>(codec, List.of(new TensorSpec(name, spec.type(), spec.shape())), value));
  }

  /**
   * Returns this codec with the inputs of another one, under the names that it gives them.
   *
   * @param codec says how the value becomes rows, as {@link TextInput} does
   * @param value takes the value from an item
   * @param <V> the type of the value
   * @return a changed copy
   * @throws IllegalArgumentException if a name is blank or taken
   */
  public <V> NamedInputs<I> inputs(Preprocessor<V> codec, Function<I, V> value) {
    return with(new Part<>(codec, codec.tensors(), value));
  }

  private NamedInputs<I> with(Part<I, ?> part) {
    return new NamedInputs<>(Stream.concat(parts.stream(), Stream.of(part)).toList());
  }

  @Override
  public List<TensorSpec> tensors() {
    return tensors;
  }

  @Override
  public boolean isOptional(TensorSpec tensor) {
    int index = tensors.indexOf(tensor);
    return parts.get(partOf[index]).isOptional(local(index));
  }

  @Override
  public boolean accepts(TensorSpec tensor, ElementType modelType) {
    int index = tensors.indexOf(tensor);
    return parts.get(partOf[index]).accepts(local(index), modelType);
  }

  /** The position of a tensor within its part. */
  private int local(int tensor) {
    int first = tensor;
    while (first > 0 && partOf[first - 1] == partOf[tensor]) {
      first--;
    }
    return tensor - first;
  }

  @Override
  public EncodedRow encode(@Nullable I item) {
    if (item == null) {
      throw new InvalidInputException("the item must not be null");
    }
    EncodedRow[] rows = new EncodedRow[parts.size()];
    for (int p = 0; p < rows.length; p++) {
      rows[p] = parts.get(p).encode(item);
    }
    return new Row(rows);
  }

  @Override
  public String toString() {
    return "NamedInputs" + parts;
  }

  /** A value of the item, the codec that writes it, and the names of its tensors. */
  private record Part<I, V>(Preprocessor<V> codec, List<TensorSpec> specs, Function<I, V> value) {
    EncodedRow encode(I item) {
      try {
        return codec.encode(value.apply(item));
      } catch (InvalidInputException e) {
        throw new InvalidInputException(
            "input \"" + specs.get(0).name() + "\": " + e.getMessage(), e);
      }
    }

    boolean isOptional(int tensor) {
      return codec.isOptional(codec.tensors().get(tensor));
    }

    boolean accepts(int tensor, ElementType modelType) {
      return codec.accepts(codec.tensors().get(tensor), modelType);
    }

    @Override
    public String toString() {
      return specs.stream().map(TensorSpec::name).toList() + "=" + codec;
    }
  }

  /** The rows of all parts of an item. */
  private final class Row implements EncodedRow {
    private final EncodedRow[] rows;

    Row(EncodedRow[] rows) {
      this.rows = rows;
    }

    @Override
    public void write(int tensor, RowWriter out) {
      rows[partOf[tensor]].write(local(tensor), out);
    }

    @Override
    public Shape shape(int tensor, TensorSpec spec) {
      return rows[partOf[tensor]].shape(local(tensor), spec);
    }
  }
}

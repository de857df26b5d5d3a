package io.vivace.core.model.torch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle describes. No records: values are compared by identity, since those of a damaged
 * pickle may hold themselves.
 */
sealed interface PickleValue {
  /** Text, a number, true, false or nothing. */
  final class Scalar implements PickleValue {
    private final @Nullable Object value;

    Scalar(@Nullable Object value) {
      this.value = value;
    }

    @Nullable Object value() {
      return value;
    }
  }

  /** A class or a function, by its name only. */
  final class Name implements PickleValue {
    private final String module;
    private final String name;

    Name(String module, String name) {
      this.module = module;
      this.name = name;
    }

    String full() {
      return module + "." + name;
    }
  }

  /** A tuple or a list, or a dictionary as keys and values in turn. */
  final class Items implements PickleValue {
    private final boolean dictionary;
    private final List<PickleValue> values = new ArrayList<>(0); // most hold one or two

    Items(boolean dictionary) {
      this.dictionary = dictionary;
    }

    boolean isDictionary() {
      return dictionary;
    }

    List<PickleValue> values() {
      return values;
    }
  }

  /** An object of a class of the model's own code. */
  final class Instance implements PickleValue {
    private final Name type;
    private PickleValue state;

    Instance(Name type, PickleValue state) {
      this.type = type;
      this.state = state;
    }

    Name type() {
      return type;
    }

    PickleValue state() {
      return state;
    }

    void state(PickleValue changed) {
      state = changed;
    }
  }

  /** A storage. */
  final class Storage implements PickleValue {
    private final TorchStorage storage;

    Storage(TorchStorage storage) {
      this.storage = storage;
    }

    TorchStorage storage() {
      return storage;
    }
  }

  /** A look into a storage. */
  final class Tensor implements PickleValue {
    private final TorchTensor tensor;

    Tensor(TorchTensor tensor) {
      this.tensor = tensor;
    }

    TorchTensor tensor() {
      return tensor;
    }
  }
}

package io.vivace.core.model.torch;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.torch.PickleValue.Instance;
import io.vivace.core.model.torch.PickleValue.Items;
import io.vivace.core.model.torch.PickleValue.Name;
import io.vivace.core.model.torch.PickleValue.Scalar;
import io.vivace.core.model.torch.PickleValue.Storage;
import io.vivace.core.model.torch.PickleValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The classes and functions that a TorchScript pickle may name, and what they stand for. */
final class PickleCalls {
  private static final String CODE = "__torch__";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String DICTIONARY = "collections.OrderedDict";

  private static final int MOST_AXES = 64;
  private static final int MOST_TENSORS = 100_000;
  private static final int LONGEST_SHOWN = 100;

  /** Give back their first argument. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "torch.jit._pickle.build_intlist",
          "torch.jit._pickle.build_doublelist",
          "torch.jit._pickle.build_boollist",
          "torch.jit._pickle.build_tensorlist",
          "torch.jit._pickle.restore_type_tag",
          "torch.device");

  private static final Map<String, OnnxElementType> STORAGES =
      Map.ofEntries(
          Map.entry("torch.FloatStorage", OnnxElementType.FLOAT),
          Map.entry("torch.DoubleStorage", OnnxElementType.DOUBLE),
          Map.entry("torch.HalfStorage", OnnxElementType.FLOAT16),
          Map.entry("torch.BFloat16Storage", OnnxElementType.BFLOAT16),
          Map.entry("torch.ByteStorage", OnnxElementType.UINT8),
          Map.entry("torch.CharStorage", OnnxElementType.INT8),
          Map.entry("torch.ShortStorage", OnnxElementType.INT16),
          Map.entry("torch.IntStorage", OnnxElementType.INT32),
          Map.entry("torch.LongStorage", OnnxElementType.INT64),
          Map.entry("torch.BoolStorage", OnnxElementType.BOOL),
          Map.entry("torch.ComplexFloatStorage", OnnxElementType.COMPLEX64),
          Map.entry("torch.ComplexDoubleStorage", OnnxElementType.COMPLEX128));

  private final Function<String, ModelLoadException> damaged;
  private int tensors;

  PickleCalls(Function<String, ModelLoadException> damaged) {
    this.damaged = damaged;
  }

  Name name(String module, String name) {
    Name found = new Name(module, name);
    String full = found.full();
    boolean known =
        isCode(full)
            || full.equals(TENSOR)
            || full.equals(DICTIONARY)
            || WRAPPERS.contains(full)
            || STORAGES.containsKey(full);
    if (!known) {
      throw damaged.apply(
          "names %s, which is not among the classes and functions that can be read; it was not called"
              .formatted(full.substring(0, Math.min(LONGEST_SHOWN, full.length()))));
    }
    return found;
  }

  private static boolean isCode(String full) {
    return full.startsWith(CODE + ".");
  }

  Instance instance(PickleValue type, PickleValue arguments) {
    if (!(type instanceof Name name) || !isCode(name.full())) {
      throw damaged.apply("makes an object of what is no class of the model's code");
    }
    return new Instance(name, arguments);
  }

  PickleValue call(PickleValue function, PickleValue arguments) {
    if (!(function instanceof Name name) || !(arguments instanceof Items items)) {
      throw damaged.apply("calls what is no function");
    }
    String full = name.full();
    if (isCode(full)) {
      return new Instance(name, arguments);
    }
    if (full.equals(DICTIONARY) && items.values().isEmpty()) {
      return new Items(true);
    }
    if (full.equals(TENSOR)) {
      return new Tensor(tensor(items.values()));
    }
    if (WRAPPERS.contains(full) && !items.values().isEmpty()) {
      return items.values().get(0);
    }
    throw damaged.apply("calls %s with arguments that it does not take".formatted(full));
  }

  /** {@code ("storage", type, key, device, elements)}. */
  TorchStorage storage(PickleValue description) {
    if (description instanceof Items items
        && items.values().size() == 5
        && isText(items.values().get(0), "storage")
        && items.values().get(1) instanceof Name type
        && items.values().get(2) instanceof Scalar key
        && key.value() instanceof String text
        && items.values().get(4) instanceof Scalar count
        && count.value() instanceof Long elements) {
      OnnxElementType known = STORAGES.get(type.full());
      if (known != null && elements >= 0 && elements <= Long.MAX_VALUE / Long.SIZE / 2) {
        return new TorchStorage(text, known, elements);
      }
    }
    throw damaged.apply("describes a storage that cannot be read");
  }

  private static boolean isText(PickleValue value, String text) {
    return value instanceof Scalar scalar && text.equals(scalar.value());
  }

  /** {@code (storage, offset, shape, strides, requires_grad, hooks)}, and maybe more. */
  private TorchTensor tensor(List<PickleValue> arguments) {
    if (arguments.size() < 6
        || !(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(4) instanceof Scalar trained)) {
      throw damaged.apply("describes a tensor that cannot be read");
    }
    if (++tensors > MOST_TENSORS) {
      throw damaged.apply("describes more than %,d tensors".formatted(MOST_TENSORS));
    }
    long offset = number(arguments.get(1));
    List<Long> sizes = numbers(arguments.get(2));
    List<Long> strides = numbers(arguments.get(3));
    requireInside(storage.storage(), offset, sizes, strides);
    Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
    return new TorchTensor(
        "",
        "",
        storage.storage(),
        offset,
        shape,
        strides,
        Boolean.TRUE.equals(trained.value()),
        List.of());
  }

  private void requireInside(
      TorchStorage storage, long offset, List<Long> sizes, List<Long> strides) {
    boolean plausible = offset >= 0 && sizes.size() == strides.size();
    try {
      long elements = 1;
      long last = offset;
      for (int axis = 0; plausible && axis < sizes.size(); axis++) {
        long size = sizes.get(axis);
        long stride = strides.get(axis);
        plausible = size >= 0 && stride >= 0;
        elements = Math.multiplyExact(elements, size);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
      }
      if (plausible && (elements == 0 ? offset <= storage.elements() : last < storage.elements())) {
        return;
      }
    } catch (ArithmeticException e) {
      // Too large for any storage.
    }
    throw damaged.apply(
        "describes a tensor of shape %s, strides %s and offset %d, which is not within storage %s"
                .formatted(sizes, strides, offset, storage.key())
            + " of %d elements".formatted(storage.elements()));
  }

  private List<Long> numbers(PickleValue value) {
    if (!(value instanceof Items items) || items.isDictionary()) {
      throw damaged.apply("has no list where it needs one of numbers");
    }
    if (items.values().size() > MOST_AXES) {
      throw damaged.apply(
          "describes a tensor of %,d axes, allowed are %d"
              .formatted(items.values().size(), MOST_AXES));
    }
    List<Long> numbers = new ArrayList<>();
    items.values().forEach(item -> numbers.add(number(item)));
    return numbers;
  }

  private long number(PickleValue value) {
    if (value instanceof Scalar scalar && scalar.value() instanceof Long number) {
      return number;
    }
    throw damaged.apply("has no number where it needs one");
  }
}

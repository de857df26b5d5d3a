package io.vivace.core.model.torch;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.torch.PickleValue.Instance;
import io.vivace.core.model.torch.PickleValue.Items;
import io.vivace.core.model.torch.PickleValue.Scalar;
import io.vivace.core.model.torch.PickleValue.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names the tensors of a module by the attributes that lead to them. */
final class TensorNames {
  private static final int DEEPEST = 200;
  private static final int LONGEST = 4_096;
  private static final int MOST_PATHS = 1_000;

  /** Of all paths together: parts that are held in many places have as many names. */
  private static final long MOST_LETTERS = 64L << 20;

  private final String model;
  private final Set<PickleValue> seen = new HashSet<>();
  private final Map<Tensor, List<String>> names = new LinkedHashMap<>();
  private final Map<Tensor, String> modules = new HashMap<>();
  private long letters;

  private TensorNames(String model) {
    this.model = model;
  }

  /** The tensors in the order of attributes, each once. */
  static List<TorchTensor> of(String model, PickleValue root) {
    TensorNames walk = new TensorNames(model);
    walk.visit(root, "", "", 0);
    List<TorchTensor> tensors = new ArrayList<>();
    walk.names.forEach((tensor, paths) -> tensors.add(walk.named(tensor, paths)));
    return tensors;
  }

  private TorchTensor named(Tensor value, List<String> paths) {
    TorchTensor tensor = value.tensor();
    return new TorchTensor(
        paths.get(0),
        modules.getOrDefault(value, ""),
        tensor.storage(),
        tensor.offset(),
        tensor.shape(),
        tensor.strides(),
        tensor.isTrained(),
        paths.subList(1, paths.size()));
  }

  private void visit(PickleValue value, String path, String module, int depth) {
    if (depth > DEEPEST || path.length() > LONGEST) {
      throw new ModelLoadException(
          "the pickle of model %s is more than %d values deep, or has names of more than %d letters, at \"%s\""
              .formatted(model, DEEPEST, LONGEST, path.substring(0, Math.min(80, path.length()))));
    }
    if (value instanceof Tensor tensor) {
      List<String> paths = names.computeIfAbsent(tensor, key -> new ArrayList<>());
      modules.putIfAbsent(tensor, module);
      if (paths.size() < MOST_PATHS) {
        paths.add(path);
      }
      return;
    }
    if (!seen.add(value)) {
      return;
    }
    if (value instanceof Instance instance) {
      visit(instance.state(), path, instance.type().full(), depth + 1);
    } else if (value instanceof Items items && items.isDictionary()) {
      for (int i = 0; i + 1 < items.values().size(); i += 2) {
        visitPart(items.values().get(i + 1), path, items.values().get(i), i / 2, module, depth);
      }
    } else if (value instanceof Items items) {
      for (int i = 0; i < items.values().size(); i++) {
        visitPart(items.values().get(i), path, null, i, module, depth);
      }
    }
  }

  private void visitPart(
      PickleValue part,
      String path,
      @Nullable PickleValue key,
      int number,
      String module,
      int depth) {
    if (part instanceof Tensor || part instanceof Items || part instanceof Instance) {
      visit(part, joined(path, key(key, number)), module, depth + 1);
    }
  }

  private static String key(@Nullable PickleValue key, int number) {
    return key instanceof Scalar scalar && scalar.value() instanceof String text
        ? text
        : Integer.toString(number);
  }

  private String joined(String path, String key) {
    String joined = path.isEmpty() ? key : path + "." + key;
    letters += joined.length();
    if (letters > MOST_LETTERS) {
      throw new ModelLoadException(
          "the pickle of model %s holds its parts in so many places that their names have more than %,d letters; save the model again with parts of its own"
              .formatted(model, MOST_LETTERS));
    }
    return joined;
  }
}

package io.vivace.core.internal.run;

import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** What keeps one model from taking another's place. */
final class SignatureDifferences {
  private SignatureDifferences() {}

  /** Lists all differences in words; empty if the signatures are the same. */
  static List<String> between(Signature serving, Signature candidate) {
    List<String> found = new ArrayList<>();
    compare("input", serving.inputs(), candidate.inputs(), found);
    compare("output", serving.outputs(), candidate.outputs(), found);
    return found;
  }

  private static void compare(
      String kind, List<TensorSpec> serving, List<TensorSpec> candidate, List<String> found) {
    for (int i = 0; i < Math.max(serving.size(), candidate.size()); i++) {
      if (i >= candidate.size()) {
        found.add(kind + " " + i + " is missing: " + serving.get(i));
      } else if (i >= serving.size()) {
        found.add(kind + " " + i + " is new: " + candidate.get(i));
      } else if (!serving.get(i).equals(candidate.get(i))) {
        found.add(kind + " " + i + " is " + candidate.get(i) + ", not " + serving.get(i));
      }
    }
  }
}

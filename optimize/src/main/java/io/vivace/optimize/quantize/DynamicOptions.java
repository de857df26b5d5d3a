package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link DynamicQuantization}; copied before each change. */
final class DynamicOptions {
  @Nullable Boolean perChannel;
  @Nullable Boolean reduced;
  boolean unsignedWeights;
  Set<String> excludedNodes = Set.of();
  Set<String> excludedWeights = Set.of();
  Set<String> excludedOperators = Set.of();
  @Nullable StrictProfile profile;
  @Nullable Iterable<Map<String, Tensor>> samples;

  DynamicOptions copy() {
    DynamicOptions copy = new DynamicOptions();
    copy.perChannel = perChannel;
    copy.reduced = reduced;
    copy.unsignedWeights = unsignedWeights;
    copy.excludedNodes = excludedNodes;
    copy.excludedWeights = excludedWeights;
    copy.excludedOperators = excludedOperators;
    copy.profile = profile;
    copy.samples = samples;
    return copy;
  }

  static Set<String> joined(Set<String> some, Collection<String> more) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(more);
    return Collections.unmodifiableSet(all);
  }
}

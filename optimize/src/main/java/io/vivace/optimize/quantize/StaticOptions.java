package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.graph.Node;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link StaticQuantization}; copied before each change. */
final class StaticOptions {
  @Nullable Iterable<Map<String, Tensor>> samples;
  Map<String, ActivationRange> ranges = new TreeMap<>();
  Calibration calibration = Calibration.minMax();
  @Nullable Boolean perChannel;
  @Nullable Boolean reduced;
  @Nullable Boolean unsignedWeights;
  @Nullable Boolean unsignedActivations;
  boolean symmetricActivations;
  boolean asymmetricWeights;
  boolean operators;
  boolean strict;
  boolean selective;
  boolean equalized;
  boolean corrected;
  Set<String> excludedNodes = Set.of();
  Set<String> excludedOperators = Set.of();
  Set<String> excludedWeights = Set.of();

  StaticOptions copy() {
    StaticOptions copy = new StaticOptions();
    copy.samples = samples;
    copy.ranges = ranges;
    copy.calibration = calibration;
    copy.perChannel = perChannel;
    copy.reduced = reduced;
    copy.unsignedWeights = unsignedWeights;
    copy.unsignedActivations = unsignedActivations;
    copy.symmetricActivations = symmetricActivations;
    copy.asymmetricWeights = asymmetricWeights;
    copy.operators = operators;
    copy.strict = strict;
    copy.selective = selective;
    copy.equalized = equalized;
    copy.corrected = corrected;
    copy.excludedWeights = excludedWeights;
    copy.excludedNodes = excludedNodes;
    copy.excludedOperators = excludedOperators;
    return copy;
  }

  boolean isPerChannel() {
    return perChannel == null ? !strict : perChannel;
  }

  boolean hasUnsignedWeights() {
    return unsignedWeights == null ? !strict : unsignedWeights;
  }

  boolean hasUnsignedActivations() {
    return unsignedActivations == null ? !strict : unsignedActivations;
  }

  /** Signed weights with unsigned activations overflow 16 bits on some processors. */
  boolean isReduced() {
    return reduced == null ? !strict && !hasUnsignedWeights() && hasUnsignedActivations() : reduced;
  }

  boolean includes(Node node) {
    return node.domain().isEmpty()
        && !excludedOperators.contains(node.operator())
        && !excludedNodes.contains(node.name());
  }

  /** The integers of activations and of constants that elementwise operators add or multiply. */
  IntegerRange activationRange() {
    return hasUnsignedActivations()
        ? IntegerRange.unsigned(false)
        : IntegerRange.signed(symmetricActivations, false);
  }

  IntegerRange weightRange(boolean symmetric, boolean narrow) {
    return hasUnsignedWeights()
        ? IntegerRange.unsigned(narrow)
        : IntegerRange.signed(symmetric, narrow);
  }

  /** Channels have one zero point in common, so they are always symmetric. */
  boolean hasSymmetricWeights(boolean perChannelWeight) {
    return perChannelWeight || (!asymmetricWeights && (!hasUnsignedWeights() || !strict));
  }
}

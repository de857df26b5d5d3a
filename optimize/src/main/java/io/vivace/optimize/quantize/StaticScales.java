package io.vivace.optimize.quantize;

import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.quantize.QdqPlan.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The scales and zero points of a plan. */
final class StaticScales {
  /** Makes a scale that is too small for 32-bit biases a little more than large enough. */
  private static final double MARGIN = 1.0001;

  private static final double BIAS_RANGE = 2.0 * Integer.MAX_VALUE;

  private final Graph graph;
  private final StaticOptions options;
  private final Map<String, ActivationRange> ranges;
  private final Map<String, Scales> weights = new HashMap<>();

  /** The scales of a weight and their zero points: one, or one per channel. */
  static final class Scales {
    private final IntegerRange range;
    private final float[] values;
    private final int[] zeroPoints;
    private final Channels channels;

    Scales(IntegerRange range, float[] values, int[] zeroPoints, Channels channels) {
      this.range = range;
      this.values = values;
      this.zeroPoints = zeroPoints;
      this.channels = channels;
    }

    IntegerRange range() {
      return range;
    }

    float[] values() {
      return values;
    }

    int[] zeroPoints() {
      return zeroPoints;
    }

    Channels channels() {
      return channels;
    }
  }

  StaticScales(Graph graph, StaticOptions options, Map<String, ActivationRange> ranges) {
    this.graph = graph;
    this.options = options;
    this.ranges = ranges;
  }

  /** Scale and zero point of an activation. */
  Affine activation(String value) {
    ActivationRange range = ranges.get(value);
    if (range == null) {
      throw new GraphException(
          "the range of value \"%s\" is needed, but was neither measured nor given"
              .formatted(value));
    }
    return Affine.of(
        range.lowest(), range.highest(), options.activationRange(), options.symmetricActivations);
  }

  Scales weight(String value) {
    Scales scales = weights.get(value);
    if (scales == null) {
      throw new IllegalStateException("weight \"" + value + "\" is not in the plan");
    }
    return scales;
  }

  /** Fits scales to all constants of a plan. */
  void fit(QdqPlan plan, PassContext context) {
    List<String> names =
        plan.marks.keySet().stream().filter(name -> graph.weight(name).isPresent()).toList();
    List<Weight> tensors = new ArrayList<>();
    List<Channels> channels = new ArrayList<>();
    List<Boolean> symmetric = new ArrayList<>();
    for (String name : names) {
      Weight tensor = graph.weight(name).orElseThrow();
      Mark mark = Objects.requireNonNull(plan.marks.get(name));
      tensors.add(tensor);
      channels.add(
          mark.axis() < 0
              ? Channels.all(tensor.shape())
              : Channels.along(tensor.shape(), mark.axis()));
      symmetric.add(
          mark.weight()
              ? options.hasSymmetricWeights(mark.axis() >= 0)
              : options.symmetricActivations);
    }
    List<ValueRange> found = ValueRange.of(tensors, channels, symmetric, context);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean narrowed = options.isReduced();
      boolean asWeight = Objects.requireNonNull(plan.marks.get(name)).weight();
      IntegerRange integers =
          asWeight ? options.weightRange(symmetric.get(i), narrowed) : constantRange(narrowed);
      weights.put(name, scales(found.get(i), channels.get(i), integers, symmetric.get(i)));
    }
    plan.biases.forEach((name, bias) -> widen(name, bias, plan));
  }

  /** The tool takes a bit from every constant; only factors of products can overflow. */
  private IntegerRange constantRange(boolean narrowed) {
    boolean reduced = narrowed && options.strict;
    return options.hasUnsignedActivations()
        ? IntegerRange.unsigned(reduced)
        : IntegerRange.signed(options.symmetricActivations, reduced);
  }

  private static Scales scales(
      ValueRange range, Channels channels, IntegerRange integers, boolean symmetric) {
    float[] values = new float[channels.count()];
    int[] zeroPoints = new int[channels.count()];
    for (int i = 0; i < values.length; i++) {
      Affine affine = Affine.of(range.lowest(i), range.highest(i), integers, symmetric);
      values[i] = affine.scale();
      zeroPoints[i] = affine.zeroPoint();
    }
    // An all-zero channel has zero point 0, but all channels must have the same.
    for (int i = 0; i < values.length && symmetric && channels.count() > 1; i++) {
      zeroPoints[i] = Affine.of(-1, 1, integers, true).zeroPoint();
    }
    return new Scales(integers, values, zeroPoints, channels);
  }

  /** Raises the scale of a symmetric weight where the bias would not fit 32 bits. */
  private void widen(String name, QdqPlan.Bias bias, QdqPlan plan) {
    Scales scales = weights.get(bias.weight());
    Mark input = plan.marks.get(bias.input());
    if (scales == null || input == null || !ranges.containsKey(bias.input())) {
      return;
    }
    for (int zeroPoint : scales.zeroPoints()) {
      if (zeroPoint != 0 && options.strict) {
        return;
      }
    }
    double inputScale = activation(bias.input()).scale();
    float[] values = graph.weight(name).orElseThrow().floats();
    for (int i = 0; i < scales.values().length; i++) {
      double largest = scales.values().length == 1 ? largest(values) : Math.abs(values[i]);
      double smallest = MARGIN * 2 * largest / BIAS_RANGE;
      double candidate = inputScale * scales.values()[i];
      if (candidate > 0 && candidate < smallest) {
        scales.values()[i] = (float) (scales.values()[i] * (smallest / candidate));
      }
    }
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}

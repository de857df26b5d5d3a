package io.vivace.optimize.prune;

import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.prune.StructuralOptions.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run of structural pruning. */
final class StructuralRun {
  private final StructuralOptions options;
  private final ModelGraph model;
  private final PassContext context;
  private final ChannelGroups found;
  private final List<ChannelGroup> chosen;
  private final ZeroedChannels zeroed;

  StructuralRun(StructuralOptions options, ModelGraph model, PassContext context) {
    this.options = options;
    this.model = model;
    this.context = context;
    new ConstantLifting().apply(model, context);
    requireNames();
    this.found = ChannelGroups.of(model);
    this.chosen = chosen();
    this.zeroed = new ZeroedChannels(model, found);
  }

  private void requireNames() {
    Set<String> known = new LinkedHashSet<>();
    LayerWeight.of(model.graph()).forEach(layer -> known.add(layer.name()));
    Set<String> unknown = new TreeSet<>(options.only());
    unknown.addAll(options.excluded());
    unknown.addAll(options.ratios().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new GraphException(
          "model %s has no layer weight named %s; it has %s"
              .formatted(model.name(), unknown, known));
    }
  }

  private List<ChannelGroup> chosen() {
    List<ChannelGroup> groups = new ArrayList<>();
    for (ChannelGroup group : found.groups()) {
      boolean wanted = options.only().isEmpty() || holds(group, options.only());
      if (wanted && !holds(group, options.excluded())) {
        groups.add(group);
      }
    }
    Set<String> named = new TreeSet<>(options.only());
    named.addAll(options.ratios().keySet());
    groups.forEach(group -> group.weights().forEach(named::remove));
    if (!named.isEmpty()) {
      throw new GraphException(
          "layers of model %s that were named cannot lose channels: %s"
              .formatted(model.name(), named.stream().map(this::why).toList()));
    }
    if (groups.isEmpty()) {
      throw new GraphException(
          "no layer of model %s can lose channels: %s"
              .formatted(model.name(), found.refused().keySet().stream().map(this::why).toList()));
    }
    return groups;
  }

  private static boolean holds(ChannelGroup group, Set<String> names) {
    return group.weights().stream().anyMatch(names::contains);
  }

  private String why(String weight) {
    Refusal refusal = found.refused().get(weight);
    return "\"" + weight + "\" because of " + (refusal == null ? "the options" : refusal);
  }

  StructuralPlan plan() {
    Set<Integer> removed = removed();
    List<StructuralPlan.Group> groups = new ArrayList<>();
    for (ChannelGroup group : found.groups()) {
      long gone = Arrays.stream(group.roots()).filter(removed::contains).count();
      groups.add(
          new StructuralPlan.Group(
              group.weights(), group.size(), group.size() - (int) gone, group.span()));
    }
    List<StructuralPlan.Refused> refusals = new ArrayList<>();
    found
        .refused()
        .forEach(
            (weight, refusal) ->
                refusals.add(
                    new StructuralPlan.Refused(weight, refusal.place(), refusal.reason())));
    return new StructuralPlan(groups, refusals);
  }

  void apply() {
    Set<Integer> removed = removed();
    if (removed.isEmpty()) {
      return;
    }
    ChannelRemoval removal = new ChannelRemoval(model, found.classes(), removed);
    if (options.method() == Method.ZEROED) {
      zeroed.fold(removed);
    }
    removal.run();
    new DeadCode().apply(model, context);
  }

  Set<Integer> removed() {
    Set<Integer> removed = new HashSet<>();
    if (options.method() == Method.ZEROED) {
      chosen.forEach(group -> removed.addAll(zeroed.of(group)));
      return removed;
    }
    Map<ChannelGroup, double[]> scores = scores();
    Map<ChannelGroup, Double> ratios = new HashMap<>();
    options
        .ratios()
        .forEach(
            (weight, ratio) ->
                scores.keySet().stream()
                    .filter(group -> group.weights().contains(weight))
                    .forEach(group -> ratios.put(group, ratio)));
    ChannelSelection selection = new ChannelSelection(options.multiple());
    List<ChannelGroup> groups = List.copyOf(scores.keySet());
    if (options.global()) {
      selection.lowest(groups, scores, ratios, options.ratio(), removed);
    } else {
      for (ChannelGroup group : groups) {
        Double own = ratios.get(group);
        double[] weights = Objects.requireNonNull(scores.get(group));
        selection.lowest(group, weights, own == null ? options.ratio() : own, removed);
      }
    }
    return removed;
  }

  /** Of each group that can be weighed, in order. */
  private Map<ChannelGroup, double[]> scores() {
    ChannelScores weights = new ChannelScores(model, found);
    Map<ChannelGroup, double[]> result = new LinkedHashMap<>();
    if (options.method() == Method.ACTIVATION) {
      return weights.activation(chosen, Objects.requireNonNull(options.samples()), context);
    }
    List<Optional<double[]>> all =
        new ArrayList<>(Collections.nCopies(chosen.size(), Optional.empty()));
    context.forEach(
        all.size(), i -> all.set(i, Optional.ofNullable(score(weights, chosen.get(i)))));
    for (int i = 0; i < all.size(); i++) {
      ChannelGroup group = chosen.get(i);
      all.get(i).ifPresent(each -> result.put(group, each));
    }
    if (result.isEmpty()) {
      throw new GraphException(
          "model %s has nothing that %s could weigh channels by"
              .formatted(model.name(), options.method()));
    }
    return result;
  }

  private double @Nullable [] score(ChannelScores weights, ChannelGroup group) {
    return switch (options.method()) {
      case L1 -> weights.norm(group, 1);
      case BATCH_NORM_SCALE -> weights.batchNormScale(group);
      case TAYLOR -> weights.taylor(group, options.gradients());
      default -> weights.norm(group, 2);
    };
  }
}

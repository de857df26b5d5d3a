package io.vivace.optimize.prune;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The channels of a model that can be removed, and why others cannot. */
final class ChannelGroups {
  private final Graph graph;
  private final ChannelClasses classes;
  private final Couplings couplings;
  private final List<ChannelGroup> groups = new ArrayList<>();
  private final Map<String, Refusal> refused = new LinkedHashMap<>();

  private ChannelGroups(Graph graph, ChannelClasses classes, Couplings couplings) {
    this.graph = graph;
    this.classes = classes;
    this.couplings = couplings;
  }

  static ChannelGroups of(ModelGraph model) {
    TypeInference types = TypeInference.of(model);
    ChannelClasses classes = new ChannelClasses(model.graph(), types);
    Couplings couplings = new Couplings(model.graph(), types, classes, model.opset());
    couplings.run();
    ChannelGroups found = new ChannelGroups(model.graph(), classes, couplings);
    found.collect(LayerWeight.of(model.graph()).stream().map(LayerWeight::name).toList());
    return found;
  }

  private void collect(List<String> layers) {
    Map<Integer, List<Axis>> byRoot = new TreeMap<>();
    for (Axis axis : classes.all()) {
      for (int i = 0; i < axis.size(); i++) {
        int position = axis.first() + i;
        if (classes.refusal(position).isEmpty()) {
          List<Axis> at = byRoot.computeIfAbsent(classes.find(position), r -> new ArrayList<>());
          if (at.isEmpty() || !at.get(at.size() - 1).equals(axis)) {
            at.add(axis);
          }
        }
      }
    }
    Map<List<Axis>, List<Integer>> bySignature = new LinkedHashMap<>();
    byRoot.forEach(
        (root, axes) -> bySignature.computeIfAbsent(axes, a -> new ArrayList<>()).add(root));
    bySignature.forEach((axes, roots) -> add(axes, roots, layers));
    refuse(layers);
  }

  private void add(List<Axis> axes, List<Integer> roots, List<String> layers) {
    Set<String> names = new LinkedHashSet<>();
    int span = Integer.MAX_VALUE;
    for (Axis axis : axes) {
      if (graph.weight(axis.tensor()).isPresent()) {
        span = Math.min(span, span(axis, roots.get(0)));
      }
      if (couplings.produced().contains(axis) && layers.contains(axis.tensor())) {
        names.add(axis.tensor());
      }
    }
    if (!names.isEmpty()) {
      int[] all = roots.stream().mapToInt(Integer::intValue).toArray();
      groups.add(new ChannelGroup(List.copyOf(axes), all, List.copyOf(names), span));
    }
  }

  private int span(Axis axis, int root) {
    int span = 0;
    for (int i = 0; i < axis.size(); i++) {
      span += classes.find(axis.first() + i) == root ? 1 : 0;
    }
    return span;
  }

  private void refuse(List<String> layers) {
    for (Axis axis : classes.all()) {
      if (couplings.produced().contains(axis) && layers.contains(axis.tensor())) {
        for (int i = 0; i < axis.size(); i++) {
          classes
              .refusal(axis.first() + i)
              .ifPresent(reason -> refused.putIfAbsent(axis.tensor(), reason));
        }
      }
    }
  }

  List<ChannelGroup> groups() {
    return groups;
  }

  /** Layer weights of which some output channel must stay, with the reason. */
  Map<String, Refusal> refused() {
    return refused;
  }

  ChannelClasses classes() {
    return classes;
  }

  Couplings couplings() {
    return couplings;
  }
}

package io.vivace.optimize.prune;

import io.vivace.core.model.Shape;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.ValueType;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which positions along the axes of all tensors can only be removed together. Each position of each
 * axis of known size has a number; a disjoint-set forest joins those that operators tie to each
 * other, and a position that must stay holds all that are joined with it.
 */
final class ChannelClasses {
  private final Graph graph;
  private final TypeInference types;
  private final Map<String, Axis[]> tensors = new HashMap<>();
  private final List<Axis> axes = new ArrayList<>();
  private int[] parents = new int[1 << 12];
  private int count;
  private final Map<Integer, Refusal> refusals = new HashMap<>();

  /**
   * An axis of known size.
   *
   * @param tensor the name of the tensor
   * @param index which axis of it
   * @param number which of all axes
   * @param first the number of its first position
   * @param size how many positions it has
   */
  record Axis(String tensor, int index, int number, int first, int size) {}

  ChannelClasses(Graph graph, TypeInference types) {
    this.graph = graph;
    this.types = types;
  }

  /** The axes of a tensor; null where a size is not known. Null if not even the rank is known. */
  Axis[] axes(String tensor) {
    return tensors.computeIfAbsent(tensor, this::number);
  }

  private Axis[] number(String tensor) {
    Optional<Weight> weight = graph.weight(tensor);
    long[] sizes = weight.isPresent() ? weight.get().shape().toArray() : sizes(types.type(tensor));
    Axis[] found = new Axis[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] > 0 && sizes[i] <= Integer.MAX_VALUE - count) {
        found[i] = new Axis(tensor, i, axes.size(), count, (int) sizes[i]);
        axes.add(found[i]);
        grow((int) sizes[i]);
      }
    }
    return found;
  }

  private static long[] sizes(ValueType type) {
    long[] sizes = new long[Math.max(0, type.rank())];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = type.size(i);
    }
    return sizes;
  }

  private void grow(int more) {
    int needed = Math.addExact(count, more);
    if (needed > parents.length) {
      parents = Arrays.copyOf(parents, Math.max(needed, parents.length * 2));
    }
    for (int i = count; i < needed; i++) {
      parents[i] = i;
    }
    count = needed;
  }

  /** The rank of a tensor, or -1. */
  int rank(String tensor) {
    return graph
        .weight(tensor)
        .map(Weight::shape)
        .map(Shape::rank)
        .orElse(types.type(tensor).rank());
  }

  /** The size of an axis, or -1. */
  long size(String tensor, int axis) {
    return graph
        .weight(tensor)
        .map(weight -> weight.shape().dimension(axis))
        .orElse(types.type(tensor).size(axis));
  }

  int find(int position) {
    int root = position;
    while (parents[root] != root) {
      root = parents[root];
    }
    int at = position;
    while (parents[at] != root) {
      int next = parents[at];
      parents[at] = root;
      at = next;
    }
    return root;
  }

  void join(int a, int b) {
    int x = find(a);
    int y = find(b);
    if (x == y) {
      return;
    }
    int root = Math.min(x, y);
    int other = Math.max(x, y);
    parents[other] = root;
    Refusal reason = refusals.remove(other);
    if (reason != null) {
      refusals.putIfAbsent(root, reason);
    }
  }

  /** Keeps every position of an axis, and so all that are joined with them now or later. */
  void keep(Axis axis, Node node, String reason) {
    for (int i = 0; i < axis.size(); i++) {
      refusals.putIfAbsent(find(axis.first() + i), new Refusal(node.toString(), reason));
    }
  }

  /** Keeps every position of every axis of a tensor. */
  void keep(String tensor, String place, String reason) {
    for (Axis axis : axes(tensor)) {
      for (int i = 0; axis != null && i < axis.size(); i++) {
        refusals.putIfAbsent(find(axis.first() + i), new Refusal(place, reason));
      }
    }
  }

  /** Why a position must stay; empty if it need not. */
  Optional<Refusal> refusal(int position) {
    return Optional.ofNullable(refusals.get(find(position)));
  }

  boolean isKept(Axis axis) {
    for (int i = 0; i < axis.size(); i++) {
      if (!refusals.containsKey(find(axis.first() + i))) {
        return false;
      }
    }
    return true;
  }

  /** All axes that were looked at. */
  Collection<Axis> all() {
    return axes;
  }
}

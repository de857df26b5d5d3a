package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The parameters of a search, in order. Immutable and thread-safe. */
public final class Space {
  /** A condition with its parent's place and codes. */
  private record Link(int parent, Set<Double> codes) {}

  private final List<Axis> axes;
  private final List<List<Link>> links;
  private final Map<String, Integer> places = new LinkedHashMap<>();

  private Space(List<Parameter> parameters) {
    axes = parameters.stream().map(Axis::new).toList();
    for (int i = 0; i < axes.size(); i++) {
      places.put(parameters.get(i).name(), i);
    }
    links = parameters.stream().map(this::links).toList();
  }

  private List<Link> links(Parameter parameter) {
    List<Link> found = new ArrayList<>();
    for (Parameter.Condition condition : parameter.conditions()) {
      int parent = place(condition.parent());
      found.add(
          new Link(
              parent,
              condition.values().stream()
                  .map(axes.get(parent)::code)
                  .collect(Collectors.toUnmodifiableSet())));
    }
    return found;
  }

  /**
   * Returns the space of these parameters. A parent stands before its children.
   *
   * @param parameters at least one, no two of the same name
   * @return the space
   * @throws IllegalArgumentException if a parameter has a fault; all faults are named
   */
  public static Space of(Parameter... parameters) {
    return of(List.of(parameters));
  }

  /**
   * Returns the space of these parameters. A parent stands before its children.
   *
   * @param parameters at least one, no two of the same name
   * @return the space
   * @throws IllegalArgumentException if a parameter has a fault; all faults are named
   */
  public static Space of(List<Parameter> parameters) {
    List<Parameter> copy = List.copyOf(parameters);
    SpaceFaults.check(copy);
    return new Space(copy);
  }

  /**
   * Returns the parameters.
   *
   * @return the parameters in their order
   */
  public List<Parameter> parameters() {
    return axes.stream().map(Axis::parameter).toList();
  }

  /**
   * Returns a point of this space, to be tried first or to compare with.
   *
   * @param values the value of every parameter that exists there, by name
   * @return the point
   * @throws IllegalArgumentException if a value is missing, not allowed, or of a parameter that
   *     does not exist there
   */
  public Params params(Map<String, ?> values) {
    double[] codes = new double[size()];
    Set<String> unused = new TreeSet<>(values.keySet());
    for (int i = 0; i < codes.length; i++) {
      Parameter parameter = axes.get(i).parameter();
      if (!isActive(i, codes)) {
        codes[i] = Double.NaN;
        continue;
      }
      unused.remove(parameter.name());
      Object value = values.get(parameter.name());
      codes[i] = value == null ? Double.NaN : axes.get(i).code(value);
      if (Double.isNaN(codes[i])) {
        throw new IllegalArgumentException(
            "the value of \"" + parameter.name() + "\" is " + value + "; allowed is " + parameter);
      }
    }
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "no parameter of this space, or not active with these values: " + unused);
    }
    return new Params(this, codes);
  }

  int size() {
    return axes.size();
  }

  Axis axis(int index) {
    return axes.get(index);
  }

  int place(String name) {
    Integer place = places.get(Objects.requireNonNull(name, "name"));
    if (place == null) {
      throw new IllegalArgumentException(
          "no parameter \"" + name + "\"; there are " + places.keySet());
    }
    return place;
  }

  /** Whether a parameter exists, given the codes of those before it. */
  boolean isActive(int index, double[] codes) {
    for (Link link : links.get(index)) {
      double parent = codes[link.parent()];
      if (Double.isNaN(parent) || !link.codes().contains(parent)) {
        return false;
      }
    }
    return true;
  }

  boolean isConditional() {
    return links.stream().anyMatch(list -> !list.isEmpty());
  }

  /** Parameters that always exist together, in order of their first member. */
  List<int[]> groups(boolean joint) {
    Map<Object, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < size(); i++) {
      Object key = joint ? Set.copyOf(links.get(i)) : (Object) i;
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    return groups.values().stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** The point at these units; NaN where a parameter does not exist. */
  double[] decode(double[] units) {
    double[] codes = new double[size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = isActive(i, codes) ? axes.get(i).fromUnit(units[i]) : Double.NaN;
    }
    return codes;
  }

  /** The units of a point; the middle where a parameter does not exist. */
  double[] encode(double[] codes) {
    double[] units = new double[size()];
    for (int i = 0; i < units.length; i++) {
      units[i] = Double.isNaN(codes[i]) ? 0.5 : axes.get(i).toUnit(codes[i]);
    }
    return units;
  }

  /**
   * Returns every parameter in a line of its own.
   *
   * @return the lines
   */
  @Override
  public String toString() {
    return axes.stream().map(axis -> axis.parameter().toString()).collect(Collectors.joining("\n"));
  }

  /**
   * Tells whether another space has the same parameters in the same order.
   *
   * @param other anything
   * @return true if it has
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Space space && toString().equals(space.toString());
  }

  /**
   * Returns a hash of the parameters.
   *
   * @return the hash
   */
  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}

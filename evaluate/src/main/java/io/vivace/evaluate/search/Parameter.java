package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One thing to be chosen: a number in a range, one of several names, or yes and no. Immutable.
 * Faults are found by {@link Space#of(Parameter...)}, which reports all of them at once.
 */
public final class Parameter {
  /** What sort of value is chosen. */
  enum Kind {
    REAL,
    INTEGER,
    CHOICE,
    FLAG
  }

  /** Active only if the parent has one of these values. */
  record Condition(String parent, List<Object> values) {}

  private final String name;
  private final Kind kind;
  private final double low;
  private final double high;
  private final double step;
  private final boolean log;
  private final List<String> options;
  private final List<Condition> conditions;

  private Parameter(
      String name,
      Kind kind,
      double low,
      double high,
      double step,
      boolean log,
      List<String> options,
      List<Condition> conditions) {
    this.name = Objects.requireNonNull(name, "name");
    this.kind = kind;
    this.low = low;
    this.high = high;
    this.step = step;
    this.log = log;
    this.options = List.copyOf(options);
    this.conditions = List.copyOf(conditions);
  }

  /**
   * Returns a real number, uniform in its range unless {@link #log()} or {@link #step(double)} say
   * otherwise.
   *
   * @param name the name, unique in its space and not blank
   * @param low the lowest value, inclusive and finite
   * @param high the highest value, inclusive and finite, at least {@code low}
   * @return the parameter
   */
  public static Parameter real(String name, double low, double high) {
    return new Parameter(name, Kind.REAL, low, high, 0, false, List.of(), List.of());
  }

  /**
   * Returns a whole number, uniform in its range unless {@link #log()} or {@link #step(double)} say
   * otherwise.
   *
   * @param name the name, unique in its space and not blank
   * @param low the lowest value, inclusive
   * @param high the highest value, inclusive, at least {@code low}
   * @return the parameter
   */
  public static Parameter integer(String name, int low, int high) {
    return new Parameter(name, Kind.INTEGER, low, high, 1, false, List.of(), List.of());
  }

  /**
   * Returns one of several names without an order.
   *
   * @param name the name, unique in its space and not blank
   * @param options what can be chosen, at least one, no two the same
   * @return the parameter
   */
  public static Parameter choice(String name, String... options) {
    List<String> copy = Arrays.asList(options.clone());
    return new Parameter(name, Kind.CHOICE, 0, copy.size() - 1.0, 1, false, copy, List.of());
  }

  /**
   * Returns one constant of an enum, by its name.
   *
   * @param name the name, unique in its space and not blank
   * @param type the enum, with at least one constant
   * @param <T> the enum
   * @return the parameter
   */
  public static <T extends Enum<T>> Parameter choice(String name, Class<T> type) {
    return choice(name, Stream.of(type.getEnumConstants()).map(Enum::name).toArray(String[]::new));
  }

  /**
   * Returns yes or no.
   *
   * @param name the name, unique in its space and not blank
   * @return the parameter
   */
  public static Parameter flag(String name) {
    return new Parameter(name, Kind.FLAG, 0, 1, 1, false, List.of("false", "true"), List.of());
  }

  /**
   * Makes the logarithm uniform in place of the value; for numbers above 0 and without a step.
   *
   * @return a changed copy
   */
  public Parameter log() {
    return new Parameter(name, kind, low, high, step, true, options, conditions);
  }

  /**
   * Allows only {@code low}, {@code low + step}, {@code low + 2 step} and so on. Where the range is
   * no multiple of the step, the highest value is the last such number below {@code high}.
   *
   * @param width the distance of neighbours, above 0; a whole number where the parameter is one
   * @return a changed copy
   */
  public Parameter step(double width) {
    return new Parameter(name, kind, low, high, width, log, options, conditions);
  }

  /**
   * Makes this parameter exist only where another one has one of these values. Several conditions
   * must all hold, and a parameter whose parent does not exist does not exist either.
   *
   * @param parent the name of a choice, a flag or a whole number that stands earlier in the space
   * @param values names or enum constants for a choice, booleans for a flag, integers for a number
   * @return a changed copy
   */
  public Parameter when(String parent, Object... values) {
    List<Condition> all = new ArrayList<>(conditions);
    all.add(new Condition(Objects.requireNonNull(parent, "parent"), List.of(values)));
    return new Parameter(name, kind, low, high, step, log, options, all);
  }

  /**
   * Returns the name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  double low() {
    return low;
  }

  double high() {
    return high;
  }

  double step() {
    return step;
  }

  boolean isLog() {
    return log;
  }

  List<String> options() {
    return options;
  }

  List<Condition> conditions() {
    return conditions;
  }

  /**
   * Returns everything that was said of the parameter.
   *
   * @return for example {@code rate: real 1.0E-5..0.1 log}
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(": ");
    text.append(kind.name().toLowerCase(Locale.ROOT));
    switch (kind) {
      case REAL -> text.append(' ').append(low).append("..").append(high);
      case INTEGER -> text.append(' ').append((long) low).append("..").append((long) high);
      case CHOICE -> text.append(' ').append(options);
      case FLAG -> {}
    }
    if (log) {
      text.append(" log");
    }
    boolean number = kind == Kind.REAL || kind == Kind.INTEGER;
    if (number && step != (kind == Kind.INTEGER ? 1 : 0)) {
      text.append(" step ").append(step);
    }
    conditions.forEach(
        c -> text.append(" when ").append(c.parent()).append(" in ").append(c.values()));
    return text.toString();
  }
}

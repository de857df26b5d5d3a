package io.vivace.evaluate.search;

import io.vivace.evaluate.search.Parameter.Kind;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One point of a {@link Space}: a value for every parameter that exists there. Immutable. */
public final class Params {
  private final Space space;
  private final double[] codes;

  Params(Space space, double[] codes) {
    this.space = space;
    this.codes = codes.clone();
  }

  /**
   * Returns the value of a real number.
   *
   * @param name the name
   * @return the value
   * @throws IllegalArgumentException if there is no such parameter, it is of another kind, or it
   *     does not exist at this point
   */
  public double real(String name) {
    return code(name, Kind.REAL);
  }

  /**
   * Returns the value of a whole number.
   *
   * @param name the name
   * @return the value
   * @throws IllegalArgumentException if there is no such parameter, it is of another kind, or it
   *     does not exist at this point
   */
  public int integer(String name) {
    return (int) code(name, Kind.INTEGER);
  }

  /**
   * Returns the value of a choice.
   *
   * @param name the name
   * @return the option
   * @throws IllegalArgumentException if there is no such parameter, it is of another kind, or it
   *     does not exist at this point
   */
  public String choice(String name) {
    int option = (int) code(name, Kind.CHOICE);
    return space.axis(space.place(name)).parameter().options().get(option);
  }

  /**
   * Returns the value of a choice among the constants of an enum.
   *
   * @param name the name
   * @param type the enum
   * @param <T> the enum
   * @return the constant
   * @throws IllegalArgumentException if there is no such parameter, it is of another kind, or it
   *     does not exist at this point
   */
  public <T extends Enum<T>> T choice(String name, Class<T> type) {
    return Enum.valueOf(type, choice(name));
  }

  /**
   * Returns the value of a flag.
   *
   * @param name the name
   * @return yes or no
   * @throws IllegalArgumentException if there is no such parameter, it is of another kind, or it
   *     does not exist at this point
   */
  public boolean flag(String name) {
    return code(name, Kind.FLAG) != 0;
  }

  /**
   * Tells whether a parameter exists at this point; only a conditional one may not.
   *
   * @param name the name
   * @return true if it has a value
   * @throws IllegalArgumentException if there is no such parameter
   */
  public boolean isActive(String name) {
    return !Double.isNaN(codes[space.place(name)]);
  }

  private double code(String name, Kind wanted) {
    int place = space.place(name);
    Parameter parameter = space.axis(place).parameter();
    if (parameter.kind() != wanted) {
      throw new IllegalArgumentException(
          "\"" + name + "\" was read as " + wanted + ", but it is " + parameter);
    }
    if (Double.isNaN(codes[place])) {
      throw new IllegalArgumentException(
          "\"" + name + "\" does not exist at this point, ask isActive first (" + parameter + ")");
    }
    return codes[place];
  }

  /**
   * Returns the values of all parameters that exist here.
   *
   * @return Double, Integer, String or Boolean by name, in the order of the space
   */
  public Map<String, Object> asMap() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < codes.length; i++) {
      if (!Double.isNaN(codes[i])) {
        values.put(space.axis(i).parameter().name(), space.axis(i).value(codes[i]));
      }
    }
    return Collections.unmodifiableMap(values);
  }

  Space space() {
    return space;
  }

  double[] codes() {
    return codes.clone();
  }

  /**
   * Tells whether another point has the same values.
   *
   * @param other anything
   * @return true if it has
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Params params
        && space.equals(params.space)
        && Arrays.equals(codes, params.codes);
  }

  /**
   * Returns a hash of the values.
   *
   * @return the hash
   */
  @Override
  public int hashCode() {
    return Arrays.hashCode(codes);
  }

  /**
   * Returns every value by its name.
   *
   * @return for example {@code {rate=0.1, layers=3}}
   */
  @Override
  public String toString() {
    return asMap().toString();
  }
}

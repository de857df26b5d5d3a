package io.vivace.core.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the options of an engine from names and values, and reports everything that is wrong with
 * them at once. An engine names its options and how a value changes them; the option {@code device}
 * ({@code cpu}, {@code cuda} or {@code cuda:N}, default {@code cpu}) is there already. Not
 * thread-safe until all options are named.
 *
 * @param <T> the type of the options
 */
public final class OptionsReader<T extends EngineOptions> {
  private static final String DEVICE = "device";
  private static final Pattern DEVICES = Pattern.compile("cpu|cuda(?::(\\d{1,3}))?");

  private final T cpu;
  private final IntFunction<T> cuda;
  private final Map<String, BiFunction<T, String, T>> changes = new TreeMap<>();

  /**
   * Makes a reader that knows {@code device} only.
   *
   * @param cpu the options for the processor
   * @param cuda gives the options for the graphics processor of a number
   */
  public OptionsReader(T cpu, IntFunction<T> cuda) {
    this.cpu = cpu;
    this.cuda = cuda;
  }

  /**
   * Names an option whose value is text.
   *
   * @param name the option's name
   * @param change gives the changed options; throws {@link IllegalArgumentException} for a value
   *     that is not allowed
   * @return this reader
   */
  public OptionsReader<T> text(String name, BiFunction<T, String, T> change) {
    changes.put(name, change);
    return this;
  }

  /**
   * Names an option that is true or false.
   *
   * @param name the option's name
   * @param change gives the changed options
   * @return this reader
   */
  public OptionsReader<T> truth(String name, BiFunction<T, Boolean, T> change) {
    return text(
        name,
        (options, text) -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw wrong(name, text, "true or false");
          }
          return change.apply(options, text.equals("true"));
        });
  }

  /**
   * Names an option that is a whole number.
   *
   * @param name the option's name
   * @param change gives the changed options; checks the range
   * @return this reader
   */
  public OptionsReader<T> integer(String name, BiFunction<T, Integer, T> change) {
    return text(
        name,
        (options, text) -> {
          int number;
          try {
            number = Integer.parseInt(text);
          } catch (NumberFormatException e) {
            throw wrong(name, text, "a whole number");
          }
          return change.apply(options, number);
        });
  }

  /**
   * Names an option that is one of the constants of an enum, in lower case.
   *
   * @param name the option's name
   * @param type the enum
   * @param change gives the changed options
   * @param <E> the enum
   * @return this reader
   */
  public <E extends Enum<E>> OptionsReader<T> choice(
      String name, Class<E> type, BiFunction<T, E, T> change) {
    return text(
        name,
        (options, text) -> {
          for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
              return change.apply(options, constant);
            }
          }
          String all = Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
          throw wrong(name, text, "one of " + all);
        });
  }

  /**
   * Reads options.
   *
   * @param settings names and values; empty gives the options for the processor
   * @return the options
   * @throws IllegalArgumentException if names are unknown or values not allowed; the message lists
   *     all of them, and the known names
   */
  public T read(Map<String, String> settings) {
    List<String> faults = new ArrayList<>();
    T options = cpu;
    Map<String, String> rest = new TreeMap<>(settings);
    String device = rest.remove(DEVICE);
    try {
      options = device == null ? cpu : start(device);
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
    }
    for (Map.Entry<String, String> setting : rest.entrySet()) {
      try {
        options = change(setting.getKey()).apply(options, setting.getValue());
      } catch (IllegalArgumentException e) {
        faults.add(e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return options;
  }

  private BiFunction<T, String, T> change(String name) {
    BiFunction<T, String, T> change = changes.get(name);
    if (change == null) {
      TreeSet<String> known = new TreeSet<>(changes.keySet());
      known.add(DEVICE);
      throw new IllegalArgumentException(
          String.format(
              "the engine %s has no option \"%s\"; known: %s", cpu.engine(), name, known));
    }
    return change;
  }

  private T start(String device) {
    Matcher matcher = DEVICES.matcher(device);
    if (!matcher.matches()) {
      throw wrong(DEVICE, device, "cpu, cuda or cuda:N");
    }
    String number = matcher.group(1);
    return device.equals("cpu") ? cpu : cuda.apply(number == null ? 0 : Integer.parseInt(number));
  }

  private static IllegalArgumentException wrong(String name, String text, String allowed) {
    return new IllegalArgumentException(
        String.format("option \"%s\" must be %s, but was \"%s\"", name, allowed, text));
  }
}

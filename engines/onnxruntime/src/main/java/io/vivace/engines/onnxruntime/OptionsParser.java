package io.vivace.engines.onnxruntime;

import io.vivace.engines.onnxruntime.OnnxRuntimeOptions.Optimization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@link OnnxRuntimeOptions} from names and values. */
final class OptionsParser {
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda(?::(\\d{1,3}))?");

  /** All options but the device, which is the starting point. */
  private static final Map<String, BiFunction<OnnxRuntimeOptions, String, OnnxRuntimeOptions>>
      OPTIONS = new LinkedHashMap<>();

  static {
    OPTIONS.put("orCpu", (options, text) -> bool("orCpu", text) ? options.orCpu() : options);
    OPTIONS.put(
        "intraOpThreads",
        (options, text) -> options.intraOpThreads(integer("intraOpThreads", text)));
    OPTIONS.put(
        "interOpThreads",
        (options, text) -> options.interOpThreads(integer("interOpThreads", text)));
    OPTIONS.put("optimization", (options, text) -> options.optimization(level(text)));
    OPTIONS.put("arena", (options, text) -> options.arena(bool("arena", text)));
    OPTIONS.put(
        "memoryPattern", (options, text) -> options.memoryPattern(bool("memoryPattern", text)));
    OPTIONS.put("selfTest", (options, text) -> options.selfTest(bool("selfTest", text)));
    OPTIONS.put("spinning", (options, text) -> options.spinning(bool("spinning", text)));
  }

  private OptionsParser() {}

  static OnnxRuntimeOptions parse(Map<String, String> settings) {
    List<String> faults = new ArrayList<>();
    OnnxRuntimeOptions options = OnnxRuntimeOptions.cpu();
    Map<String, String> rest = new TreeMap<>(settings);
    String device = rest.remove("device");
    try {
      options = device == null ? options : start(device);
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
    }
    for (Map.Entry<String, String> setting : rest.entrySet()) {
      try {
        options = option(setting.getKey()).apply(options, setting.getValue());
      } catch (IllegalArgumentException e) {
        faults.add(e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return options;
  }

  private static BiFunction<OnnxRuntimeOptions, String, OnnxRuntimeOptions> option(String name) {
    BiFunction<OnnxRuntimeOptions, String, OnnxRuntimeOptions> option = OPTIONS.get(name);
    if (option == null) {
      TreeSet<String> known = new TreeSet<>(OPTIONS.keySet());
      known.add("device");
      throw new IllegalArgumentException(
          "the engine "
              + OnnxRuntimeOptions.ENGINE
              + " has no option \""
              + name
              + "\"; known: "
              + known);
    }
    return option;
  }

  private static OnnxRuntimeOptions start(String device) {
    Matcher matcher = DEVICE.matcher(device);
    if (!matcher.matches()) {
      throw wrong("device", device, "cpu, cuda or cuda:N");
    }
    if (device.equals("cpu")) {
      return OnnxRuntimeOptions.cpu();
    }
    String number = matcher.group(1);
    return OnnxRuntimeOptions.cuda(number == null ? 0 : Integer.parseInt(number));
  }

  private static boolean bool(String name, String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw wrong(name, text, "true or false");
  }

  private static int integer(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(name, text, "a whole number");
    }
  }

  private static Optimization level(String text) {
    for (Optimization level : Optimization.values()) {
      if (level.name().toLowerCase(Locale.ROOT).equals(text)) {
        return level;
      }
    }
    throw wrong(
        "optimization",
        text,
        "one of " + Arrays.toString(Optimization.values()).toLowerCase(Locale.ROOT));
  }

  private static IllegalArgumentException wrong(String name, String text, String allowed) {
    return new IllegalArgumentException(
        "option \"" + name + "\" must be " + allowed + ", but was \"" + text + '"');
  }
}

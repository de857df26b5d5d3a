package io.vivace.engines.pytorch;

import io.vivace.engines.pytorch.PyTorchOptions.SelfTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@link PyTorchOptions} from names and values. */
final class OptionsParser {
  private static final String DEVICE = "device";
  private static final Pattern DEVICES = Pattern.compile("cpu|cuda(?::(\\d{1,3}))?");

  /** All options but the device, which is the starting point. */
  private static final Map<String, BiFunction<PyTorchOptions, String, PyTorchOptions>> OPTIONS =
      Map.of(
          "orCpu", (options, text) -> bool("orCpu", text) ? options.orCpu() : options,
          "intraOpThreads",
              (options, text) -> options.intraOpThreads(integer("intraOpThreads", text)),
          "interOpThreads",
              (options, text) -> options.interOpThreads(integer("interOpThreads", text)),
          "selfTest", (options, text) -> options.selfTest(selfTest(text)),
          "download", (options, text) -> options.download(bool("download", text)));

  private OptionsParser() {}

  static PyTorchOptions parse(Map<String, String> settings) {
    List<String> faults = new ArrayList<>();
    PyTorchOptions options = PyTorchOptions.cpu();
    Map<String, String> rest = new TreeMap<>(settings);
    String device = rest.remove(DEVICE);
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

  private static BiFunction<PyTorchOptions, String, PyTorchOptions> option(String name) {
    BiFunction<PyTorchOptions, String, PyTorchOptions> option = OPTIONS.get(name);
    if (option == null) {
      TreeSet<String> known = new TreeSet<>(OPTIONS.keySet());
      known.add(DEVICE);
      throw new IllegalArgumentException(
          String.format(
              "the engine %s has no option \"%s\"; known: %s", PyTorchOptions.ENGINE, name, known));
    }
    return option;
  }

  private static PyTorchOptions start(String device) {
    Matcher matcher = DEVICES.matcher(device);
    if (!matcher.matches()) {
      throw wrong(DEVICE, device, "cpu, cuda or cuda:N");
    }
    if (device.equals("cpu")) {
      return PyTorchOptions.cpu();
    }
    String number = matcher.group(1);
    return PyTorchOptions.cuda(number == null ? 0 : Integer.parseInt(number));
  }

  private static boolean bool(String name, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, text, "true or false");
    };
  }

  private static int integer(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(name, text, "a whole number");
    }
  }

  private static SelfTest selfTest(String text) {
    return switch (text) {
      case "auto" -> SelfTest.AUTO;
      case "cure" -> SelfTest.CURE;
      case "skip" -> SelfTest.SKIP;
      default -> throw wrong("selfTest", text, "auto, cure or skip");
    };
  }

  private static IllegalArgumentException wrong(String name, String text, String allowed) {
    return new IllegalArgumentException(
        "option \"" + name + "\" must be " + allowed + ", but was \"" + text + '"');
  }
}

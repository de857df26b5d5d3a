package io.vivace.core.internal.run;

import io.vivace.core.ModelLoadException;
import io.vivace.core.internal.djl.DjlEngineProvider;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.EngineProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engines on the class path. */
public final class Engines {
  private static final String ADD_ONNX =
      "Add io.vivace:vivace-engine-onnxruntime to the class path.";
  private static final String ADD_TORCH =
      "Add io.vivace:vivace-engine-pytorch to the class path, and the native library of your"
          + " platform, ai.djl.pytorch:pytorch-native-cpu with its classifier.";
  public static final String HOW_TO_ADD =
      "Add io.vivace:vivace-engine-onnxruntime for ONNX models or io.vivace:vivace-engine-pytorch"
          + " for TorchScript models.";
  private static final Logger log = LoggerFactory.getLogger(Engines.class);

  private static final Set<EngineProvider> REGISTERED = new CopyOnWriteArraySet<>();

  private final List<EngineProvider> providers = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private Engines() {}

  /** Looks the providers up, with the context class loader first and ours where it has none. */
  public static Engines onClassPath() {
    Engines engines = new Engines();
    engines.providers.addAll(REGISTERED);
    engines.load(Thread.currentThread().getContextClassLoader());
    if (engines.providers.size() == REGISTERED.size()) {
      engines.load(Engines.class.getClassLoader());
    }
    engines.providers.addAll(DjlEngineProvider.all());
    return engines;
  }

  /** Adds an engine that no service file names: the one of stub models, in tests that use them. */
  public static void register(EngineProvider provider) {
    REGISTERED.add(provider);
  }

  private void load(ClassLoader loader) {
    var iterator = ServiceLoader.load(EngineProvider.class, loader).iterator();
    while (true) {
      try {
        if (!iterator.hasNext()) {
          return;
        }
        providers.add(iterator.next());
      } catch (ServiceConfigurationError e) {
        problems.add("an engine provider on the class path cannot be used: " + e.getMessage());
        log.warn("an engine provider on the class path cannot be used", e);
      }
    }
  }

  public List<EngineProvider> providers() {
    return providers;
  }

  /** Why providers that are on the class path are not among the engines. */
  public List<String> problems() {
    return problems;
  }

  /** The names of the engines, for messages. */
  String names() {
    return providers.isEmpty()
        ? "none"
        : providers.stream().map(EngineProvider::name).collect(Collectors.joining(", "));
  }

  Optional<EngineProvider> named(String name) {
    return providers.stream().filter(provider -> provider.name().equals(name)).findFirst();
  }

  /** What is wrong with a name that no engine has, and what to do. */
  String unknown(String name) {
    String advice =
        providers.stream()
            .map(EngineProvider::name)
            .filter(name::equalsIgnoreCase)
            .findFirst()
            .map(known -> " Did you mean \"" + known + "\"?")
            .orElse(
                switch (name.toLowerCase(Locale.ROOT)) {
                  case "onnxruntime" -> ' ' + ADD_ONNX;
                  case "pytorch" -> ' ' + ADD_TORCH;
                  default -> providers.isEmpty() ? ' ' + HOW_TO_ADD : "";
                });
    return String.format("no engine \"%s\" on the class path; found: %s.%s", name, names(), advice);
  }

  private static String adviceFor(ModelFormat format) {
    return switch (format) {
      case ONNX -> ADD_ONNX;
      case TORCHSCRIPT -> ADD_TORCH;
      case OTHER -> HOW_TO_ADD;
    };
  }

  /** The first engine that can be expected to open the model. */
  EngineProvider forModel(ModelArtifact artifact) {
    return providers.stream()
        .filter(provider -> provider.supports(artifact))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelLoadException(
                    String.format(
                        "no engine on the class path opens %s (format %s); found: %s. %s",
                        artifact.name(),
                        artifact.format(),
                        names(),
                        adviceFor(artifact.format()))));
  }
}

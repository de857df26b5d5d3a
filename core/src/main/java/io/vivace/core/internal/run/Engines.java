package io.vivace.core.internal.run;

import io.vivace.core.ModelLoadException;
import io.vivace.core.internal.djl.DjlEngineProvider;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.spi.EngineProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engines on the class path. */
public final class Engines {
  public static final String HOW_TO_ADD =
      "Add io.vivace:vivace-engine-onnxruntime for ONNX models or io.vivace:vivace-engine-pytorch"
          + " for TorchScript models.";
  private static final Logger log = LoggerFactory.getLogger(Engines.class);

  private final List<EngineProvider> providers;

  private Engines(List<EngineProvider> providers) {
    this.providers = providers;
  }

  /** Looks the providers up, with the context class loader first and ours where it has none. */
  public static Engines onClassPath() {
    List<EngineProvider> found = load(Thread.currentThread().getContextClassLoader());
    if (found.isEmpty()) {
      found = load(Engines.class.getClassLoader());
    }
    found.addAll(DjlEngineProvider.all());
    return new Engines(found);
  }

  private static List<EngineProvider> load(ClassLoader loader) {
    List<EngineProvider> found = new ArrayList<>();
    var iterator = ServiceLoader.load(EngineProvider.class, loader).iterator();
    while (true) {
      try {
        if (!iterator.hasNext()) {
          return found;
        }
        found.add(iterator.next());
      } catch (ServiceConfigurationError e) {
        log.warn("an engine provider on the class path cannot be used: {}", e.toString());
      }
    }
  }

  public List<EngineProvider> providers() {
    return providers;
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

  /** The first engine that can be expected to open the model. */
  EngineProvider forModel(ModelArtifact artifact) {
    return providers.stream()
        .filter(provider -> provider.supports(artifact.format()))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelLoadException(
                    String.format(
                        "no engine on the class path opens %s (format %s); found: %s. %s",
                        artifact.name(), artifact.format(), names(), HOW_TO_ADD)));
  }
}

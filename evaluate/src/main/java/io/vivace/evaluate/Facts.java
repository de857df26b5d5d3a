package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.core.data.Dataset;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.spi.EngineProvider;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Adds what is known of data and models to a provenance. */
final class Facts {
  private static final String UNKNOWN = "unknown";

  private Facts() {}

  /** Inputs of a type without content hash are named as such; that must not end an evaluation. */
  static Provenance data(Provenance provenance, String name, Dataset<?, ?> data) {
    try {
      return provenance.data(name, data);
    } catch (IllegalArgumentException noHash) {
      return provenance.data(name, data.size(), "none: " + noHash.getMessage());
    }
  }

  /** Where the model came from, what runs it, and the version of each engine that does. */
  static Provenance model(Provenance provenance, Candidate<?, ?> candidate) {
    Provenance all =
        candidate
            .source()
            .map(source -> provenance.model(candidate.name(), source))
            .orElse(provenance);
    List<ModelVersion> models = candidate.predictor().models();
    if (models.isEmpty()) {
      return all;
    }
    Set<String> engines = new TreeSet<>();
    models.forEach(model -> engines.add(model.engine()));
    for (String engine : engines) {
      all = all.version(engine, version(engine));
    }
    return all.setting(
        "engine of " + candidate.name(),
        models.stream()
            .map(model -> model.engine() + " on " + model.device())
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  /** The version of an engine's native runtime; an engine that cannot say must not end the work. */
  private static String version(String engine) {
    try {
      for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) {
        if (provider.name().equals(engine)) {
          String version = provider.report().version();
          return version.isEmpty() ? UNKNOWN : version;
        }
      }
    } catch (ServiceConfigurationError | RuntimeException e) {
      return UNKNOWN;
    }
    return UNKNOWN;
  }
}

package io.vivace.core.internal.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.DjlTelemetry;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.EngineReport;
import io.vivace.core.spi.LoadedModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens models with an engine of DJL that has no module of its own here. */
public final class DjlEngineProvider implements EngineProvider {
  /**
   * Engines that are not offered. The first two have modules here, which check their native code.
   * The others come with DJL's core and its tokenizers, so that their presence says nothing; they
   * open no model files without further libraries.
   */
  private static final Set<String> NOT_OFFERED =
      Set.of("OnnxRuntime", ArraySource.PYTORCH, "RPC", "Rust");

  private static final Logger log = LoggerFactory.getLogger(DjlEngineProvider.class);

  private final String name;

  private DjlEngineProvider(String name) {
    this.name = name;
  }

  /** A provider for each engine of DJL on the class path that is offered, by name. */
  public static List<EngineProvider> all() {
    DjlTelemetry.off();
    return names().stream()
        .filter(name -> !NOT_OFFERED.contains(name))
        .sorted()
        .<EngineProvider>map(DjlEngineProvider::new)
        .toList();
  }

  private static Set<String> names() {
    try {
      return Engine.getAllEngines();
    } catch (LinkageError e) {
      // For example a default engine that is not there, set by a system property of DJL.
      log.warn("DJL does not start, so only engines with modules can be used", e);
      return Set.of();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean supports(ModelFormat format) {
    return format == ModelFormat.OTHER;
  }

  @Override
  public EngineOptions defaultOptions() {
    return parseOptions(Map.of());
  }

  @Override
  public EngineOptions parseOptions(Map<String, String> options) {
    return new DjlEngineOptions(name, options);
  }

  @Override
  public LoadedModel open(ModelArtifact artifact, EngineOptions options) {
    if (!(options instanceof DjlEngineOptions own)) {
      throw new ModelLoadException(
          "engine " + name + " takes names and values as options, but was given " + options);
    }
    Model model = null;
    try {
      model = Model.newInstance(artifact.name(), name);
      model.load(artifact.path(), null, own.options());
      return new DjlModel(model);
    } catch (IOException | MalformedModelException | RuntimeException | LinkageError e) {
      if (model != null) {
        model.close();
      }
      throw new ModelLoadException(
          String.format("engine %s of DJL cannot open %s: %s", name, artifact, e.getMessage()), e);
    }
  }

  /** Does not start the engine, since that may download it. */
  @Override
  public EngineReport report() {
    return new EngineReport(
        name,
        true,
        "",
        "found by DJL " + Engine.getDjlVersion() + ", not started yet",
        List.of(),
        "",
        List.of(),
        List.of());
  }
}

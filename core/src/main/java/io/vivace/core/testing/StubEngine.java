package io.vivace.core.testing;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.EngineReport;
import io.vivace.core.spi.LoadedModel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Opens stub models, and nothing else. Known to the engines once there is a stub model. */
final class StubEngine implements EngineProvider {
  static final StubEngine INSTANCE = new StubEngine();
  static final String NAME = "StubEngine";

  /** The models that are being opened or are open, each as often as it was resolved. */
  private final Map<String, Entry> models = new ConcurrentHashMap<>();

  private record Entry(StubModel model, int uses) {}

  private record Options() implements EngineOptions {
    @Override
    public String engine() {
      return NAME;
    }

    @Override
    public int threadsPerRun() {
      return 1;
    }
  }

  private StubEngine() {}

  void add(String name, StubModel model) {
    models.merge(name, new Entry(model, 1), (old, one) -> new Entry(model, old.uses + 1));
  }

  void remove(String name) {
    models.computeIfPresent(
        name, (key, old) -> old.uses == 1 ? null : new Entry(old.model, old.uses - 1));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean supports(ModelFormat format) {
    return false;
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return models.containsKey(artifact.path().toString());
  }

  @Override
  public EngineOptions defaultOptions() {
    return new Options();
  }

  @Override
  public EngineOptions parseOptions(Map<String, String> options) {
    if (!options.isEmpty()) {
      throw new IllegalArgumentException(
          "the engine " + NAME + " has no options, but was given " + options.keySet());
    }
    return new Options();
  }

  @Override
  public LoadedModel open(ModelArtifact artifact, EngineOptions options) {
    Entry entry = models.get(artifact.path().toString());
    if (entry == null) {
      throw new ModelLoadException("the engine " + NAME + " opens stub models only: " + artifact);
    }
    String fault = entry.model.loadFault();
    if (fault != null) {
      throw new ModelLoadException(fault);
    }
    return new StubLoadedModel(entry.model);
  }

  @Override
  public EngineReport report() {
    return new EngineReport(NAME, true, "", "", List.of("cpu"), "", List.of(), List.of());
  }
}

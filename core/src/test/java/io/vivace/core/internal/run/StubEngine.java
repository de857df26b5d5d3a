package io.vivace.core.internal.run;

import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.EngineReport;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An engine whose models are Java functions, and which notices misuse. */
public final class StubEngine implements EngineProvider {
  private static final Map<String, Model> MODELS = new ConcurrentHashMap<>();

  record Options(int threadsPerRun) implements EngineOptions {
    @Override
    public String engine() {
      return "Stub";
    }
  }

  /** A model, and what became of it. */
  static final class Model {
    final String name = "stub-" + UUID.randomUUID();
    final Signature signature;
    final UnaryOperator<List<Tensor>> function;
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger openContexts = new AtomicInteger();
    final AtomicInteger artifactsClosed = new AtomicInteger();
    final List<String> misuse = new java.util.concurrent.CopyOnWriteArrayList<>();

    Model(Signature signature, UnaryOperator<List<Tensor>> function) {
      this.signature = signature;
      this.function = function;
      MODELS.put(name, this);
    }

    ModelSource source() {
      return () ->
          ModelArtifact.of(name, Path.of(name), ModelFormat.OTHER)
              .onClose(artifactsClosed::incrementAndGet);
    }
  }

  /** Throws anything from where nothing may be thrown. */
  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Override
  public String name() {
    return "Stub";
  }

  @Override
  public boolean supports(ModelFormat format) {
    return format == ModelFormat.OTHER;
  }

  @Override
  public EngineOptions defaultOptions() {
    return new Options(1);
  }

  @Override
  public EngineOptions parseOptions(Map<String, String> options) {
    for (String key : options.keySet()) {
      if (!key.equals("threads")) {
        throw new IllegalArgumentException("unknown option \"" + key + "\"; known: threads");
      }
    }
    return new Options(Integer.parseInt(options.getOrDefault("threads", "1")));
  }

  @Override
  public LoadedModel open(ModelArtifact artifact, EngineOptions options) {
    Model model = MODELS.get(artifact.name());
    if (model == null) {
      throw new ModelLoadException("engine Stub knows no model " + artifact.name());
    }
    model.opened.incrementAndGet();
    return new Loaded(model);
  }

  @Override
  public EngineReport report() {
    return new EngineReport("Stub", true, "1", "", List.of("cpu"), "", List.of(), List.of());
  }

  private record Loaded(Model model) implements LoadedModel {
    @Override
    public Signature signature() {
      return model.signature;
    }

    @Override
    public String device() {
      return "cpu";
    }

    @Override
    public ExecutionContext newContext() {
      model.openContexts.incrementAndGet();
      return new Context(model);
    }

    @Override
    public void close() {
      if (model.openContexts.get() != 0) {
        model.misuse.add("closed with open contexts");
      }
      model.closed.incrementAndGet();
    }
  }

  private static final class Context implements ExecutionContext {
    private final Model model;
    private final AtomicInteger users = new AtomicInteger();
    private List<Tensor> inputs = List.of();

    Context(Model model) {
      this.model = model;
    }

    @Override
    public List<Tensor> prepare(List<TensorSpec> specs) {
      inputs = specs.stream().map(spec -> Tensor.allocate(spec.type(), spec.shape())).toList();
      return inputs;
    }

    @Override
    public List<Tensor> run() {
      if (users.incrementAndGet() != 1) {
        model.misuse.add("two threads in one context");
      }
      if (model.closed.get() == model.opened.get()) {
        model.misuse.add("run after close");
      }
      try {
        model.runs.incrementAndGet();
        return model.function.apply(inputs);
      } catch (IllegalArgumentException e) {
        throw new EngineException("the stub failed: " + e.getMessage(), e);
      } finally {
        users.decrementAndGet();
      }
    }

    @Override
    public void close() {
      model.openContexts.decrementAndGet();
    }
  }
}

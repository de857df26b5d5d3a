package io.vivace.core.internal.run;

import ai.djl.translate.Translator;
import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.internal.djl.TranslatorSlot;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.model.onnx.OnnxValidator;
import io.vivace.core.serve.SwappablePredictor;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds a predictor from a plan: options, model, codecs, warm-up, in this order. */
public final class Assembly<I, O> {
  private static final Logger log = LoggerFactory.getLogger(Assembly.class);

  /** The size of an open axis in the warm-up run. */
  private static final int WARM_UP_SIZE = 8;

  private final Plan<I, O> plan;
  private final List<String> faults;
  private final Engines engines = Engines.onClassPath();
  private @Nullable EngineProvider provider;
  private @Nullable EngineOptions options;
  private long nanosPerRow;

  private Assembly(Plan<I, O> plan) {
    this.plan = plan;
    this.faults = new ArrayList<>(plan.faults());
  }

  public static <I, O> Predictor<I, O> assemble(Plan<I, O> plan) {
    return new Assembly<>(plan).assemble();
  }

  public static <I, O> SwappablePredictor<I, O> assembleSwappable(Plan<I, O> plan) {
    ModelSource first = plan.source;
    if (first == null) {
      throw new Assembly<>(plan).faulty();
    }
    Plan<I, O> fixed = plan.withSource(first);
    return new SwappingPredictor<>(
        plan.name == null ? first.toString() : plan.name,
        first,
        source -> assemble(fixed.withSource(source)));
  }

  private Predictor<I, O> assemble() {
    chooseEngine();
    if (plan.source == null || !plan.hasCodecs() || (plan.namesEngine() && provider == null)) {
      throw faulty(); // without these there is nothing more to find out
    }
    ModelArtifact artifact = null;
    LoadedModel model = null;
    try {
      artifact = plan.source.resolve();
      model = open(artifact);
      return assemble(artifact, model);
    } catch (Throwable e) {
      close(model);
      close(artifact);
      if (e instanceof ModelLoadException && !faults.isEmpty()) {
        faults.add(e.getMessage());
        throw faulty();
      }
      throw e;
    }
  }

  private void chooseEngine() {
    String name = plan.engineOptions != null ? plan.engineOptions.engine() : plan.engineName;
    if (name == null) {
      return;
    }
    provider = engines.named(name).orElse(null);
    if (provider == null) {
      faults.add(engines.unknown(name));
      return;
    }
    try {
      options =
          plan.engineOptions != null
              ? plan.engineOptions
              : provider.parseOptions(plan.engineSettings);
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
      options = provider.defaultOptions();
    }
  }

  private LoadedModel open(ModelArtifact artifact) {
    EngineProvider chosen = provider != null ? provider : engines.forModel(artifact);
    provider = chosen;
    if (options == null) {
      options = chosen.defaultOptions();
    }
    if (artifact.format() == ModelFormat.ONNX) {
      OnnxValidator.validate(artifact, plan.onnxLimits);
    }
    return chosen.open(artifact, options);
  }

  private Predictor<I, O> assemble(ModelArtifact artifact, LoadedModel model) {
    if (plan.translator != null) {
      return translate(plan.translator, artifact, model);
    }
    Preprocessor<I> preprocessor = Objects.requireNonNull(plan.preprocessor);
    Postprocessor<O> postprocessor = Objects.requireNonNull(plan.postprocessor);
    int before = faults.size();
    Layout layout = Layout.match(preprocessor, model.signature(), faults);
    boolean inputsFit = faults.size() == before;
    Signature signature = model.signature();
    String name = plan.name == null ? artifact.name() : plan.name;
    if (plan.warmUp && inputsFit) {
      signature = warmUp(name, model, layout);
    }
    if (signature.isDeclared()) {
      check(postprocessor, signature);
    }
    if (!faults.isEmpty()) {
      throw faulty(artifact);
    }
    int concurrency = concurrency();
    log.info(
        "predictor {}: engine {} on {}, {} runs at a time, {}",
        name,
        Objects.requireNonNull(provider).name(),
        model.device(),
        concurrency,
        signature);
    ServedModel served = new ServedModel(name, model, artifact, signature, layout, concurrency);
    Workers workers = new Workers(name, concurrency, plan.maxPending, plan.executor);
    return new ModelPredictor<>(
        served, preprocessor, postprocessor, workers, plan.maxBatchSize, nanosPerRow);
  }

  private Predictor<I, O> translate(
      Translator<I, O> translator, ModelArtifact artifact, LoadedModel model) {
    if (!faults.isEmpty()) {
      throw faulty(artifact);
    }
    String name = plan.name == null ? artifact.name() : plan.name;
    int concurrency = concurrency();
    return new TranslatorPredictor<>(
        name,
        model,
        artifact,
        () -> TranslatorSlot.open(artifact, model, translator),
        concurrency,
        translator.getBatchifier() == null ? 1 : plan.maxBatchSize,
        new Workers(name, concurrency, plan.maxPending, plan.executor));
  }

  private int concurrency() {
    int threads = Objects.requireNonNull(options).threadsPerRun();
    int processors = Runtime.getRuntime().availableProcessors();
    return plan.concurrency > 0 ? plan.concurrency : Math.max(1, processors / threads);
  }

  private void check(Postprocessor<O> postprocessor, Signature signature) {
    try {
      postprocessor.check(signature);
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
    }
  }

  private Signature warmUp(String name, LoadedModel model, Layout layout) {
    Slot slot = new Slot(model, model.signature(), layout);
    try {
      slot.runZeros(layout.warmUpSpecs(WARM_UP_SIZE));
      long begin = System.nanoTime(); // the first run also pays for what is made once
      List<Tensor> outputs = slot.runZeros(layout.warmUpSpecs(WARM_UP_SIZE));
      nanosPerRow = (System.nanoTime() - begin) / Math.max(1, layout.fixedBatch());
      return model.signature().isDeclared()
          ? model.signature()
          : new Signature(
              layout.inputs().stream().map(Layout.Input::model).toList(),
              observed(outputs, layout.isOpen()));
    } catch (EngineException e) {
      String found =
          String.format(
              "%s does not run on rows of zeros as the codec declares them, %s%s: %s."
                  + " Declare the inputs as the model takes them, or use warmUp(false).",
              name,
              layout.warmUpSpecs(WARM_UP_SIZE),
              layout.isOpen() ? " with open sizes taken as " + WARM_UP_SIZE : "",
              reason(e));
      if (model.signature().isDeclared()) {
        throw new ModelLoadException(found, e);
      }
      faults.add(found);
      return model.signature();
    } finally {
      slot.close();
    }
  }

  /** TorchScript hides the reason in the last line of a trace of its own, in the cause. */
  private static String reason(EngineException failure) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(Throwable::getMessage)
        .filter(Objects::nonNull)
        .flatMap(String::lines)
        .filter(line -> line.contains("RuntimeError: "))
        .map(line -> line.substring(line.indexOf("RuntimeError: ") + 14).strip())
        .findFirst()
        .orElse(String.valueOf(failure.getMessage()))
        .replaceAll("\\.+$", "");
  }

  /** What one run tells of outputs that the model does not state: the batch axis may differ. */
  private static List<TensorSpec> observed(List<Tensor> outputs, boolean open) {
    List<TensorSpec> specs = new ArrayList<>();
    for (Tensor output : outputs) {
      long[] sizes = output.shape().toArray();
      for (int axis = 0; axis < sizes.length; axis++) {
        sizes[axis] = axis == 0 || open ? Shape.ANY : sizes[axis];
      }
      specs.add(new TensorSpec("", output.type(), Shape.of(sizes)));
    }
    return specs;
  }

  private IllegalArgumentException faulty(ModelArtifact artifact) {
    String engine = Objects.requireNonNull(provider).name();
    String where = " (model " + artifact.name() + ", engine " + engine + ")";
    return faults.size() == 1 ? new IllegalArgumentException(faults.get(0) + where) : faulty(where);
  }

  private IllegalArgumentException faulty() {
    return faulty("");
  }

  private IllegalArgumentException faulty(String where) {
    if (faults.size() == 1) {
      return new IllegalArgumentException(faults.get(0));
    }
    return new IllegalArgumentException(
        faults.size() + " faults" + where + ":\n  - " + String.join("\n  - ", faults));
  }

  private static void close(@Nullable AutoCloseable resource) {
    if (resource != null) {
      try {
        resource.close();
      } catch (Exception e) {
        log.warn("could not close {} after a failed build", resource, e);
      }
    }
  }
}

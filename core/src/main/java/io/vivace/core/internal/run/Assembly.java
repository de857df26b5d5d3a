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
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.model.onnx.OnnxValidator;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
      faults.add(
          String.format(
              "no engine \"%s\" on the class path; found: %s. %s",
              name, engines.names(), engines.providers().isEmpty() ? Engines.HOW_TO_ADD : ""));
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
    Layout layout = Layout.match(preprocessor, model.signature(), faults);
    Signature signature = model.signature();
    if (signature.isDeclared()) {
      check(postprocessor, signature);
    }
    if (!faults.isEmpty()) {
      throw faulty(artifact);
    }
    String name = plan.name == null ? artifact.name() : plan.name;
    if (plan.warmUp) {
      signature = warmUp(name, model, layout);
      check(postprocessor, signature);
      if (!faults.isEmpty()) {
        throw faulty(artifact);
      }
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
      throw new ModelLoadException(
          String.format(
              "%s does not run on rows of zeros as the codec declares them, %s: %s."
                  + " Declare the inputs as the model takes them, or use warmUp(false).",
              name, layout.warmUpSpecs(WARM_UP_SIZE), e.getMessage()),
          e);
    } finally {
      slot.close();
    }
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
    return new IllegalArgumentException(
        faulty().getMessage() + " (model " + artifact.name() + ", engine " + engine + ")");
  }

  private IllegalArgumentException faulty() {
    if (faults.size() == 1) {
      return new IllegalArgumentException(faults.get(0));
    }
    return new IllegalArgumentException(
        faults.size() + " faults:\n  - " + String.join("\n  - ", faults));
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

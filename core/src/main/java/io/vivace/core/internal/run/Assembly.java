package io.vivace.core.internal.run;

import ai.djl.translate.Translator;
import io.vivace.core.Batching;
import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.internal.djl.TranslatorSlot;
import io.vivace.core.internal.schedule.BatchEngine;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.internal.schedule.Scheduler;
import io.vivace.core.internal.schedule.Sizing;
import io.vivace.core.internal.schedule.SlotPool;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.model.onnx.OnnxValidator;
import io.vivace.core.observe.ModelVersion;
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
  private final long begin = System.nanoTime();
  private final Engines engines = Engines.onClassPath();
  private @Nullable EngineProvider provider;
  private @Nullable EngineOptions options;

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
    return new SwappingPredictor<>(
        plan.name == null ? first.toString() : plan.name, first, new VersionOpener<>(plan, first));
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
    return serve(served, preprocessor, new RowEngine<>(postprocessor, events(name, model)));
  }

  private Predictor<I, O> serve(
      ServedModel served, Preprocessor<I> preprocessor, RowEngine<O> engine) {
    CallClock clock = new CallClock(plan.deadline);
    Sizing sizing = sizing(served.layout().fixedBatch(), served.slots(), clock);
    if (plan.warmUp) {
      new Calibration(served.layout(), sizing, WARM_UP_SIZE, System.nanoTime() - begin)
          .run(served.slots());
    }
    Events events = engine.events();
    if (events.isOn()) {
      served.slots().forEach(Slot::time);
    }
    served.afterwards(events::closed);
    opened(events);
    Admission admission =
        new Admission(served.name(), served.lease(), plan.maxPending, plan.overflow, events);
    Scheduler<EncodedRow, O, Slot> scheduler =
        scheduler(served.name(), served.slots(), engine, admission, sizing, events, clock);
    return new ModelPredictor<>(
        served,
        preprocessor,
        engine,
        admission,
        scheduler,
        clock,
        plan.maxBatchSize,
        plan.batching.mode() != Batching.Mode.FIXED);
  }

  private <P, R, S> Scheduler<P, R, S> scheduler(
      String name,
      SlotPool<S> slots,
      BatchEngine<P, R, S> engine,
      Admission admission,
      Sizing sizing,
      Events events,
      CallClock clock) {
    Scheduler<P, R, S> scheduler =
        new Scheduler<>(
            name,
            slots,
            engine,
            admission,
            sizing,
            plan.batching.window().toNanos(),
            events,
            plan.executor,
            clock);
    admission.makeRoomBy(scheduler::displace);
    return scheduler;
  }

  private Sizing sizing(int fixedBatch, SlotPool<?> slots, CallClock clock) {
    Batching batching = plan.batching;
    int most = fixedBatch == Layout.ANY_BATCH ? plan.maxBatchSize : fixedBatch;
    int limit = Math.min(most, batching.maxSize());
    return switch (batching.mode()) {
      case ADAPTIVE -> Sizing.adaptive(limit, clock, slots::answered);
      case OFF -> Sizing.alone(most, clock);
      case FIXED -> Sizing.fixed(limit, clock);
    };
  }

  /** A later version is announced by the swap, if it takes over. */
  private void opened(Events events) {
    if (plan.version == 1) {
      events.opened();
    }
  }

  private Events events(String name, LoadedModel model) {
    String engine = Objects.requireNonNull(provider).name();
    ModelVersion version =
        new ModelVersion(name, String.valueOf(plan.version), engine, model.device());
    return new Events(plan.listener, plan.warnings, version);
  }

  private Predictor<I, O> translate(
      Translator<I, O> translator, ModelArtifact artifact, LoadedModel model) {
    if (!faults.isEmpty()) {
      throw faulty(artifact);
    }
    String name = plan.name == null ? artifact.name() : plan.name;
    Events events = events(name, model);
    TranslatedModel<I, O> served =
        new TranslatedModel<>(
            name,
            model,
            artifact,
            new SlotPool<>(concurrency(), () -> TranslatorSlot.open(artifact, model, translator)),
            events);
    CallClock clock = new CallClock(plan.deadline);
    int fixedBatch = translator.getBatchifier() == null ? 1 : Layout.ANY_BATCH;
    Sizing sizing = sizing(fixedBatch, served.slots(), clock);
    Admission admission =
        new Admission(name, served.lease(), plan.maxPending, plan.overflow, events);
    Scheduler<I, O, TranslatorSlot<I, O>> scheduler =
        scheduler(
            name, served.slots(), new TranslatorEngine<>(events), admission, sizing, events, clock);
    opened(events);
    int batchSize = translator.getBatchifier() == null ? 1 : plan.maxBatchSize;
    return new TranslatorPredictor<>(served, admission, scheduler, clock, batchSize);
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
      List<Tensor> outputs = slot.runZeros(layout.warmUpSpecs(WARM_UP_SIZE, 1), 1);
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
              layout.warmUpSpecs(WARM_UP_SIZE, 1),
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

package io.vivace.optimize;

import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.observe.LatencyRecorder;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.internal.OnnxEngine;
import io.vivace.optimize.internal.SampleRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Loads the result in an engine and compares its outputs with the original's. */
final class EngineCheck {
  private static final long SEED = 42;
  private static final int OPEN_SIZE = 8;
  private static final String FIRST_SAMPLE = "sample 0 of the comparison";

  /** Timed at least, however long they take. */
  private static final int FEWEST_ROUNDS = 3;

  /** More than enough for made-up inputs; protects against fixed shapes of any size. */
  private static final long MOST_ELEMENTS = 1 << 24;

  private EngineCheck() {}

  record Result(List<OutputDifference> differences, LatencyComparison latency, String note) {
    Result(String note) {
      this(List.of(), LatencyComparison.NONE, note);
    }
  }

  static Result compare(
      ModelArtifact original,
      Path result,
      @Nullable Iterable<Map<String, Tensor>> samples,
      Duration timing) {
    EngineProvider engine = OnnxEngine.find(original).orElse(null);
    if (engine == null) {
      return new Result(
          "Not run: no engine on the class path opens models of format %s. The file was checked."
              .formatted(original.format()));
    }
    ModelArtifact changed =
        ModelArtifact.of(original.name() + " (compressed)", result, original.format());
    try (LoadedModel after = engine.open(changed, engine.defaultOptions());
        LoadedModel before = engine.open(original, engine.defaultOptions())) {
      return compare(engine.name(), before, after, samples, timing);
    }
  }

  private static Result compare(
      String engine,
      LoadedModel before,
      LoadedModel after,
      @Nullable Iterable<Map<String, Tensor>> samples,
      Duration timing) {
    if (samples == null && !before.signature().isDeclared()) {
      return new Result(
          "Loaded by "
              + engine
              + "; not compared, because the model does not state its inputs. Give samples.");
    }
    if (samples == null) {
      Map<String, Tensor> made = madeUp(before.signature());
      if (made == null || !runs(before, made)) {
        return new Result(
            "Loaded by "
                + engine
                + "; not compared, because inputs that the original takes cannot be made up. Give"
                + " samples.");
      }
      return new Result(
          outputs(before, after, List.of(made), new AtomicInteger()),
          latency(before, after, made, timing),
          "Loaded and run by "
              + engine
              + " on one made-up input. Give samples to see the quality.");
    }
    AtomicInteger count = new AtomicInteger();
    List<OutputDifference> differences = outputs(before, after, samples, count);
    if (count.get() == 0) {
      throw new IllegalArgumentException(
          "the samples for the comparison are empty; give at least one, or leave samples out");
    }
    LatencyComparison latency =
        timing.isZero()
            ? LatencyComparison.NONE
            : latency(before, after, samples.iterator().next(), timing);
    return new Result(
        differences, latency, "Loaded and run by %s on %d samples.".formatted(engine, count.get()));
  }

  /** Runs both in turns, so that what disturbs one disturbs the other, until the time is over. */
  private static LatencyComparison latency(
      LoadedModel before, LoadedModel after, Map<String, Tensor> sample, Duration timing) {
    if (timing.isZero()) {
      return LatencyComparison.NONE;
    }
    LatencyRecorder[] recorders = {new LatencyRecorder(), new LatencyRecorder()};
    LoadedModel[] models = {before, after};
    try (ExecutionContext original = before.newContext();
        ExecutionContext changed = after.newContext()) {
      ExecutionContext[] contexts = {original, changed};
      long end = System.nanoTime() + timing.toNanos();
      for (int round = 0; round <= FEWEST_ROUNDS || System.nanoTime() < end; round++) {
        for (int i = 0; i < models.length; i++) {
          SampleRun.fill(contexts[i], models[i].signature(), sample, FIRST_SAMPLE);
          long start = System.nanoTime();
          contexts[i].run();
          if (round > 0) {
            recorders[i].recordNanos(System.nanoTime() - start);
          }
        }
      }
    }
    return new LatencyComparison(recorders[0].summary(), recorders[1].summary());
  }

  private static boolean runs(LoadedModel model, Map<String, Tensor> sample) {
    try (ExecutionContext context = model.newContext()) {
      SampleRun.run(context, model.signature(), sample, FIRST_SAMPLE);
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  private static List<OutputDifference> outputs(
      LoadedModel before,
      LoadedModel after,
      Iterable<Map<String, Tensor>> samples,
      AtomicInteger count) {
    List<OutputDifference.Sum> sums = new ArrayList<>();
    try (ExecutionContext original = before.newContext();
        ExecutionContext changed = after.newContext()) {
      for (Map<String, Tensor> sample : samples) {
        String place = "sample %d of the comparison".formatted(count.getAndIncrement());
        List<Tensor> wanted = SampleRun.run(original, before.signature(), sample, place);
        List<Tensor> found = SampleRun.run(changed, after.signature(), sample, place);
        List<String> names = names(before.signature(), wanted.size());
        int[] places = places(names, names(after.signature(), found.size()));
        for (int i = 0; i < places.length; i++) {
          if (sums.size() == i) {
            sums.add(new OutputDifference.Sum(names.get(i)));
          }
          add(sums.get(i), wanted.get(i), found.get(places[i]));
        }
      }
    }
    return sums.stream().map(OutputDifference.Sum::difference).toList();
  }

  /** The names of the outputs, which a TorchScript archive does not state. */
  private static List<String> names(Signature signature, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                i < signature.outputs().size()
                    ? signature.outputs().get(i).name()
                    : count == 1 ? "output" : "output " + i)
        .toList();
  }

  /** Where the other model gives the outputs; it may have more, and in another order. */
  private static int[] places(List<String> wanted, List<String> found) {
    if (!found.containsAll(wanted)) {
      throw new ModelLoadException(
          "the other model must have the outputs %s of the original, but has %s"
              .formatted(wanted, found));
    }
    return wanted.stream().mapToInt(found::indexOf).toArray();
  }

  private static void add(OutputDifference.Sum sum, Tensor wanted, Tensor found) {
    if (!wanted.shape().equals(found.shape()) || wanted.type() != found.type()) {
      throw new ModelLoadException(
          "the compressed model gives %s where the original gives %s; it is not kept"
              .formatted(found, wanted));
    }
    if (wanted.type().isFloatingPoint()) {
      float[] x = wanted.toFloats();
      float[] y = found.toFloats();
      for (int i = 0; i < x.length; i++) {
        sum.add(x[i], y[i]);
      }
    } else if (wanted.type() != ElementType.STRING) {
      long[] x = wanted.toLongs();
      long[] y = found.toLongs();
      for (int i = 0; i < x.length; i++) {
        sum.add((double) x[i], (double) y[i]);
      }
    }
  }

  private static @Nullable Map<String, Tensor> madeUp(Signature signature) {
    Random random = new Random(SEED);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (TensorSpec spec : signature.inputs()) {
      long[] sizes = spec.shape().toArray();
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = sizes[i] >= 0 ? sizes[i] : i == 0 ? 1 : OPEN_SIZE;
      }
      Tensor tensor = madeUp(spec.type(), Shape.of(sizes), random);
      if (tensor == null) {
        return null;
      }
      inputs.put(spec.name(), tensor);
    }
    return inputs;
  }

  private static @Nullable Tensor madeUp(ElementType type, Shape shape, Random random) {
    if (shape.elements() > MOST_ELEMENTS) {
      return null;
    }
    int count = (int) shape.elements();
    if (type == ElementType.FLOAT32) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Tensor.of(values, shape.toArray());
    }
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return switch (type) {
      case INT64 -> Tensor.of(ones, shape.toArray());
      case INT32 ->
          Tensor.of(Arrays.stream(ones).mapToInt(Math::toIntExact).toArray(), shape.toArray());
      default -> null;
    };
  }
}

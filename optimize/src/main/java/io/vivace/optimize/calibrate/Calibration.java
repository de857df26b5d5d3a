package io.vivace.optimize.calibrate;

import io.vivace.core.model.ElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A way to choose the range of a value from what it was over calibration samples. All ways see the
 * samples one by one and keep none, so that memory does not depend on their number. Immutable.
 *
 * <p>The results are those of ONNX Runtime's {@code create_calibrator} (1.30) when it collects the
 * same samples one by one, where it has the way. Values that a sample leaves empty are skipped; a
 * value that was always empty gets the range 0 to 0, and a constant one the range of that constant.
 */
public final class Calibration {
  private static final int BINS = 2_048;

  private final String name;
  private final Supplier<RangeObserver> observer;

  private Calibration(String name, Supplier<RangeObserver> observer) {
    this.name = name;
    this.observer = observer;
  }

  /**
   * Takes the lowest and the highest number of all samples.
   *
   * @return the way
   */
  public static Calibration minMax() {
    return new Calibration("minMax", Extremes::new);
  }

  /**
   * Takes the mean of the samples' lowest and highest numbers. ONNX Runtime's tool calls this a
   * moving average.
   *
   * @return the way
   */
  public static Calibration mean() {
    return new Calibration("mean", () -> new MeanExtremes(0));
  }

  /**
   * Takes a moving average of the samples' lowest and highest numbers: {@code old + constant * (new
   * - old)}, from the first sample on.
   *
   * @param constant weight of a new sample, above 0, at most 1; often 0.01
   * @return the way
   * @throws IllegalArgumentException if the constant is out of this range
   */
  public static Calibration movingAverage(double constant) {
    if (!(constant > 0 && constant <= 1)) {
      throw new IllegalArgumentException(
          "the constant of a moving average must be above 0 and at most 1, but was " + constant);
    }
    return new Calibration("movingAverage(" + constant + ")", () -> new MeanExtremes(constant));
  }

  /**
   * Cuts off at the range around zero that loses the least information, found on a histogram of
   * 2,048 bins. (In ONNX Runtime's {@code quantize_static} it has 128 bins and no effect.)
   *
   * @return the way
   */
  public static Calibration entropy() {
    return entropy(BINS);
  }

  /**
   * Cuts off as {@link #entropy()} does, on another number of bins.
   *
   * @param bins number of bins of the first sample, 128 to 16,384
   * @return the way
   * @throws IllegalArgumentException if the number is out of this range
   */
  public static Calibration entropy(int bins) {
    if (bins < 128 || bins > 16_384) {
      throw new IllegalArgumentException("bins must be 128 to 16384, but were " + bins);
    }
    return new Calibration(
        "entropy(" + bins + ")", () -> new SignedHistogram(bins, EntropyThreshold::of));
  }

  /**
   * Cuts off the largest absolute numbers: the range is the same on both sides of zero, but not
   * wider than the numbers observed. From a histogram of 2,048 bins.
   *
   * @param percent share of the numbers that stay inside, above 0, at most 100; often 99.999
   * @return the way
   * @throws IllegalArgumentException if the share is out of this range
   */
  public static Calibration percentile(double percent) {
    return new Calibration(
        "percentile(" + requirePercent(percent) + ")", () -> new AbsoluteHistogram(BINS, percent));
  }

  /**
   * Cuts off the same share of the numbers at both ends. From a histogram of 2,048 bins.
   *
   * @param percent share of the numbers that stay inside, above 0, at most 100
   * @return the way
   * @throws IllegalArgumentException if the share is out of this range
   */
  public static Calibration asymmetricPercentile(double percent) {
    double cut = (100 - requirePercent(percent)) / 200;
    return new Calibration(
        "asymmetricPercentile(" + percent + ")",
        () -> new SignedHistogram(BINS, observed -> between(observed, cut)));
  }

  private static double requirePercent(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "a percentile must be above 0 and at most 100, but was " + percent);
    }
    return percent;
  }

  private static ActivationRange between(SignedHistogram observed, double cut) {
    Histogram histogram = observed.histogram();
    return ActivationRange.within(
        histogram.edge(histogram.quantile(cut)),
        histogram.edge(histogram.quantile(1 - cut)),
        observed.lowest(),
        observed.highest());
  }

  /**
   * Cuts off where the expected squared error of 8-bit quantization is least. From a histogram of
   * 2,048 bins.
   *
   * @return the way
   */
  public static Calibration squaredError() {
    return new Calibration(
        "squaredError", () -> new SignedHistogram(BINS, SquaredErrorThreshold::of));
  }

  /**
   * Runs a model over samples and chooses the range of values inside it.
   *
   * @param model the model; it is the same afterwards
   * @param values names of single-precision values, see {@link ActivationReader#open}
   * @param samples each a map from the names of all inputs to tensors of full shape
   * @param context whom to tell of progress, and the signal that ends the work
   * @return the range of each value, in the order asked for
   * @throws GraphException if a value cannot be read, is not of single precision, or holds NaN or
   *     infinities
   * @throws IllegalArgumentException if there is no sample, or one does not fit the model
   * @throws io.vivace.core.InferenceException if no engine runs the model
   */
  public Map<String, ActivationRange> ranges(
      ModelGraph model,
      Collection<String> values,
      Iterable<Map<String, Tensor>> samples,
      PassContext context) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    values.forEach(value -> observed.put(value, new Observed(value, observer.get())));
    try (ActivationReader reader = ActivationReader.open(model, values, context)) {
      float[][] buffer = {new float[0]};
      reader.read(
          samples,
          activations ->
              activations.forEach(
                  (value, tensor) -> {
                    Observed target = observed.get(value);
                    if (target != null) {
                      target.add(tensor, buffer);
                    }
                  }));
    }
    Map<String, ActivationRange> ranges = new LinkedHashMap<>();
    observed.forEach((value, target) -> ranges.put(value, target.range()));
    return ranges;
  }

  /** One value; its range is known at the end. */
  private static final class Observed {
    private final String value;
    private final RangeObserver observer;
    private long samples;

    Observed(String value, RangeObserver observer) {
      this.value = value;
      this.observer = observer;
    }

    /** The buffer is shared by all values. */
    void add(Tensor tensor, float[][] buffer) {
      if (tensor.type() != ElementType.FLOAT32) {
        throw new GraphException(
            "value \"%s\" is of type %s; ranges are measured of float32 values"
                .formatted(value, tensor.type()));
      }
      int count = tensor.size();
      if (count == 0) {
        return;
      }
      if (buffer[0].length < count) {
        buffer[0] = new float[count];
      }
      float[] numbers = buffer[0];
      FloatBuffer data = tensor.data().asFloatBuffer();
      data.get(numbers, 0, count);
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        low = Math.min(low, numbers[i]);
        high = Math.max(high, numbers[i]);
      }
      if (!Float.isFinite(low) || !Float.isFinite(high)) {
        throw new GraphException(
            ("value \"%s\" holds numbers that are not finite (%s to %s) in its sample %d; repair"
                    + " the sample, or exclude the nodes that make and use the value")
                .formatted(value, low, high, samples));
      }
      observer.add(numbers, count, low, high);
      samples++;
    }

    ActivationRange range() {
      return samples == 0 ? new ActivationRange(0, 0) : observer.range();
    }
  }

  /** What sees a value, new for each. */
  RangeObserver observer() {
    return observer.get();
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.graph.GraphPass;
import java.util.Map;

/**
 * A way to quantize a model. Options of each way are on its own type.
 *
 * <pre>{@code
 * Compression.of(source).quantize(Quantization.dynamicInt8()).saveTo(target);
 * }</pre>
 */
public interface Quantization extends GraphPass {
  /**
   * Quantizes weights to 8 bits now and activations while the model runs; needs no data. For
   * networks of matrix products, such as transformers.
   *
   * @return the way, with the default of each option
   */
  static DynamicQuantization dynamicInt8() {
    return DynamicQuantization.DEFAULTS;
  }

  /**
   * Quantizes weights and activations to 8 bits with scales that are fixed now. For convolutional
   * networks.
   *
   * @param samples calibration data: each a map from the names of all inputs to tensors of full
   *     shape; a hundred are plenty. Read through once per run
   * @return the way, with the default of each option
   */
  static StaticQuantization staticInt8(Iterable<Map<String, Tensor>> samples) {
    return StaticQuantization.of(samples);
  }

  /**
   * Quantizes weights and activations to 8 bits with the ranges of activations that were measured
   * before, see {@link io.vivace.optimize.calibrate.Calibration#ranges}.
   *
   * @param ranges by the names of values
   * @return the way, with the default of each option
   */
  static StaticQuantization staticInt8(Map<String, ActivationRange> ranges) {
    return StaticQuantization.of(ranges);
  }

  /**
   * Quantizes weights to 2, 4 or 8 bits and leaves activations floats; needs no data. For the
   * smallest files of networks of matrix products and tables.
   *
   * @return the way, with the default of each option
   */
  static WeightOnlyQuantization weightOnly() {
    return WeightOnlyQuantization.DEFAULTS;
  }

  /**
   * Stores weights in half precision; needs no data. Halves the file of any network and leaves its
   * outputs nearly as they are.
   *
   * @return the way, with the default of each option
   */
  static Float16Quantization float16() {
    return Float16Quantization.DEFAULTS;
  }
}

package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.GraphPass;

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
   * Quantizes weights to 2, 4 or 8 bits and leaves activations floats; needs no data. For the
   * smallest files of networks of matrix products and tables.
   *
   * @return the way, with the default of each option
   */
  static WeightOnlyQuantization weightOnly() {
    return WeightOnlyQuantization.DEFAULTS;
  }
}

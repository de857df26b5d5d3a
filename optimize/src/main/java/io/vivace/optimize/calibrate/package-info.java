/**
 * Runs a model over calibration data and shows the values inside it: what static quantization and
 * the data-aware passes measure.
 */
@org.jspecify.annotations.NullMarked
package io.vivace.optimize.calibrate;

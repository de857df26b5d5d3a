/**
 * Makes a model file smaller and faster, on the JVM.
 *
 * <pre>{@code
 * CompressionReport report =
 *     Compression.of(ModelSource.path(Path.of("model.onnx")))
 *         .quantize(Quantization.dynamicInt8())
 *         .saveTo(Path.of("small.onnx"));
 * System.out.println(report.toText());
 * }</pre>
 *
 * <p>Passes are in the packages {@code quantize}, {@code prune}, {@code share}, {@code factorize}
 * and {@code pack}; {@link io.vivace.optimize.Compression#keep keep} searches for the smallest
 * result that is good enough. What a model lost in quality, {@code train} and {@code distill} may
 * win back.
 */
@NullMarked
package io.vivace.optimize;

import org.jspecify.annotations.NullMarked;

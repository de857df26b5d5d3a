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
 */
@NullMarked
package io.vivace.optimize;

import org.jspecify.annotations.NullMarked;

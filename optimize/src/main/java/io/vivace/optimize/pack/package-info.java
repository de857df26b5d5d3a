/** Stores sparse and shared weights small, in files that ONNX Runtime opens as they are. */
@org.jspecify.annotations.NullMarked
package io.vivace.optimize.pack;

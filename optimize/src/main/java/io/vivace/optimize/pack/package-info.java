/**
 * Stores sparse and shared weights small: {@link io.vivace.optimize.pack.Packing} in files that
 * ONNX Runtime opens as they are, {@link io.vivace.optimize.pack.PackedContainer} in smaller ones
 * that Vivace opens.
 */
@org.jspecify.annotations.NullMarked
package io.vivace.optimize.pack;

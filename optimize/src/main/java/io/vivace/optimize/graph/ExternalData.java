package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxMessage;
import java.util.ArrayList;
import java.util.List;

/** Gathers the elements of large tensors for a file beside the model's. */
final class ExternalData {
  /** Smaller tensors stay in the model: engines read shapes and axes before they open others. */
  private static final int SMALLEST = 1 << 10;

  /** So that an engine can map a tensor instead of copying it. */
  private static final int ALIGNMENT = 1 << 12;

  private final String location;
  private final List<OnnxContent> parts = new ArrayList<>();
  private long length;

  ExternalData(String location) {
    this.location = location;
  }

  boolean takes(Weight weight) {
    return weight.bytes() >= SMALLEST;
  }

  /** Takes the elements of a tensor; returns the entries that tell where they are. */
  List<OnnxMessage> add(Weight weight) {
    long offset = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    parts.add(OnnxContent.of(new byte[(int) (offset - length)]));
    parts.add(weight.elements());
    length = offset + weight.bytes();
    return List.of(
        entry("location", location),
        entry("offset", String.valueOf(offset)),
        entry("length", String.valueOf(weight.bytes())));
  }

  /** The name of the file, relative to the model. */
  String location() {
    return location;
  }

  OnnxContent content() {
    return OnnxContent.concat(parts);
  }

  private static OnnxMessage entry(String key, String value) {
    return new OnnxMessage().text(1, key).text(2, value);
  }
}

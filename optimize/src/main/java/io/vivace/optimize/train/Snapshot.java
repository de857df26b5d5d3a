package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import io.vivace.optimize.train.internal.Network;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The elements of arrays at one moment, by name. */
record Snapshot(Map<String, ByteBuffer> arrays) {
  static Snapshot of(Network network) {
    Map<String, ByteBuffer> copies = new LinkedHashMap<>();
    add(copies, network.parameters());
    add(copies, network.state());
    return new Snapshot(copies);
  }

  static Snapshot of(Map<String, NDArray> arrays) {
    Map<String, ByteBuffer> copies = new LinkedHashMap<>();
    add(copies, arrays);
    return new Snapshot(copies);
  }

  private static void add(Map<String, ByteBuffer> copies, Map<String, NDArray> arrays) {
    arrays.forEach((name, array) -> copies.put(name, TrainingEngine.copy(array)));
  }

  void restore(Network network) {
    restore(network.parameters());
    restore(network.state());
  }

  /** Tells whether there are elements for all arrays of a network. */
  boolean fits(Network network) {
    return fits(network.parameters()) && fits(network.state());
  }

  /** Tells whether there are elements, as many as needed, for all of these arrays. */
  boolean fits(Map<String, NDArray> targets) {
    return targets.entrySet().stream().allMatch(each -> fits(each.getKey(), each.getValue()));
  }

  private boolean fits(String name, NDArray array) {
    ByteBuffer elements = arrays.get(name);
    long bytes = array.size() * array.getDataType().getNumOfBytes();
    return elements != null && elements.remaining() == bytes;
  }

  /** Changes the arrays whose names are among these. */
  void restore(Map<String, NDArray> targets) {
    targets.forEach(
        (name, array) -> {
          ByteBuffer elements = arrays.get(name);
          if (elements != null) {
            TrainingEngine.restore(array, elements);
          }
        });
  }
}

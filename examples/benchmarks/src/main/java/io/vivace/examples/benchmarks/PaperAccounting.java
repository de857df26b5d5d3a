package io.vivace.examples.benchmarks;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * What the weights of a layer cost as Han, Mao and Dally (2016, "Deep Compression", tables 2 and 3)
 * count it: Huffman codes of the shared values and of the distances between weights that are not 0,
 * without the codes' own tables.
 *
 * @param layer the name of the weight
 * @param weights how many there are
 * @param nonZeros how many are not 0
 * @param weightBits mean bits of a stored weight's value
 * @param indexBits mean bits of a stored weight's place
 * @param bytes of both, with fillers for long distances and the values themselves as float32
 */
record PaperAccounting(
    String layer, int weights, int nonZeros, double weightBits, double indexBits, double bytes) {
  /** Distances are stated in so many bits, as the paper's are in convolutions. */
  private static final int LARGEST_DISTANCE = 256;

  static List<PaperAccounting> of(Path model) {
    List<PaperAccounting> layers = new ArrayList<>();
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(model))) {
      for (LayerWeight layer : LayerWeight.of(graph.graph())) {
        layers.add(of(layer.name(), layer.weight().floats()));
      }
    }
    return layers;
  }

  static PaperAccounting of(String name, float[] weights) {
    Map<Float, Integer> values = new HashMap<>();
    Map<Integer, Integer> distances = new HashMap<>();
    int nonZeros = 0;
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) {
        continue;
      }
      for (; i - last > LARGEST_DISTANCE; last += LARGEST_DISTANCE) {
        distances.merge(LARGEST_DISTANCE, 1, Integer::sum);
        values.merge(0f, 1, Integer::sum);
      }
      distances.merge(i - last, 1, Integer::sum);
      values.merge(weights[i], 1, Integer::sum);
      nonZeros++;
      last = i;
    }
    int entries = values.values().stream().mapToInt(Integer::intValue).sum();
    double valueBits = huffmanBits(values);
    double placeBits = huffmanBits(distances);
    double bytes = (valueBits + placeBits) / Byte.SIZE + (double) values.size() * Float.BYTES;
    double most = Math.max(1, entries);
    return new PaperAccounting(
        name, weights.length, nonZeros, valueBits / most, placeBits / most, bytes);
  }

  /** Bits of all symbols: the sum of the inner nodes of Huffman's tree. */
  static double huffmanBits(Map<?, Integer> counts) {
    PriorityQueue<Long> rest = new PriorityQueue<>();
    counts.values().forEach(count -> rest.add((long) count));
    long bits = rest.size() == 1 ? rest.peek() : 0;
    while (rest.size() > 1) {
      long both = rest.remove() + rest.remove();
      bits += both;
      rest.add(both);
    }
    return bits;
  }
}

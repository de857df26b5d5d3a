package io.vivace.optimize.graph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Keeps one of several initializers that have the same type, shape and elements. Compared are only
 * tensors of one graph; outputs and inputs keep theirs.
 */
public final class DuplicateWeights implements GraphPass {
  private static final int PIECE = 1 << 16;

  /** Makes the pass. */
  public DuplicateWeights() {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    remove(model.graph());
  }

  private static void remove(Graph graph) {
    Map<String, List<Weight>> alike =
        graph.weights().stream()
            .filter(weight -> weight.type().bits() > 0)
            .filter(weight -> !graph.isOutput(weight.name()) && !graph.isInput(weight.name()))
            .collect(
                Collectors.groupingBy(
                    weight -> weight.type() + weight.shape().toString(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<String, String> replacements = new HashMap<>();
    for (List<Weight> group : alike.values()) {
      if (group.size() > 1) {
        Map<String, Weight> first = new HashMap<>();
        for (Weight weight : group) {
          Weight known = first.putIfAbsent(digest(weight), weight);
          if (known != null) {
            replacements.put(weight.name(), known.name());
            graph.removeWeight(weight.name());
          }
        }
      }
    }
    rename(graph, replacements);
    graph.nodes().forEach(node -> node.graphs().forEach(DuplicateWeights::remove));
  }

  /** Renames uses, also in the graphs inside, but not where a name means something else there. */
  private static void rename(Graph graph, Map<String, String> replacements) {
    if (replacements.isEmpty()) {
      return;
    }
    for (Node node : graph.nodes()) {
      node.replaceInputs(
          node.inputs().stream().map(input -> replacements.getOrDefault(input, input)).toList());
      for (Graph body : node.graphs()) {
        Map<String, String> seen = new HashMap<>(replacements);
        seen.keySet().removeIf(body::defines);
        rename(body, seen);
      }
    }
  }

  private static String digest(Weight weight) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocate(PIECE);
      for (long at = 0; at < weight.bytes(); at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(PIECE, weight.bytes() - at));
        weight.elements().read(at, buffer);
        digest.update(buffer.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}

package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 digest that plans and journals know a model by: of its file, followed by the elements
 * of its initializers where some of them lie in other files.
 */
final class ModelHash {
  private static final int BLOCK = 1 << 16;

  private final MessageDigest digest = sha256();

  private ModelHash() {}

  /** Returns 64 hexadecimal digits in lower case. */
  static String of(ModelArtifact artifact, OnnxLimits limits) {
    ModelHash hash = new ModelHash();
    try {
      hash.file(artifact.path());
      if (artifact.format() == ModelFormat.ONNX) {
        hash.externalData(artifact, limits);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + artifact + " to hash it: " + e, e);
    }
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  private void file(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] piece = new byte[BLOCK];
      for (int read = in.read(piece); read > 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
      }
    }
  }

  private void externalData(ModelArtifact artifact, OnnxLimits limits) throws IOException {
    ModelSource unowned =
        () -> ModelArtifact.of(artifact.name(), artifact.path(), artifact.format());
    try (ModelGraph model = ModelGraph.open(unowned, limits)) {
      if (model.bytes() != Files.size(artifact.path())) {
        weights(model.graph());
      }
    }
  }

  private void weights(Graph graph) throws IOException {
    for (Weight weight : graph.weights()) {
      if (weight.type() != OnnxElementType.STRING) {
        content(weight.elements());
      }
    }
    for (Node node : graph.nodes()) {
      for (Graph inner : node.graphs()) {
        weights(inner);
      }
    }
  }

  private void content(OnnxContent content) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long from = 0; from < content.length(); from += BLOCK) {
      block.clear().limit((int) Math.min(BLOCK, content.length() - from));
      content.read(from, block);
      digest.update(block.flip());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package io.vivace.engines.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Reads what a session states of its inputs and outputs. */
final class SignatureReader {
  private SignatureReader() {}

  /**
   * Reads the signature.
   *
   * @throws ModelLoadException if an input or output is no tensor, or has a type that we lack
   */
  static Signature read(String model, OrtSession session) throws OrtException {
    return new Signature(
        specs(model, "input", session.getInputInfo().values()),
        specs(model, "output", session.getOutputInfo().values()));
  }

  private static List<TensorSpec> specs(String model, String role, Collection<NodeInfo> nodes) {
    return nodes.stream().map(node -> spec(model, role, node)).toList();
  }

  private static TensorSpec spec(String model, String role, NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo info)) {
      String kind = node.getInfo().getClass().getSimpleName().replace("Info", "");
      throw unsupported(model, role, node, "a " + kind.toLowerCase(java.util.Locale.ROOT));
    }
    try {
      Shape shape = Shape.of(Arrays.stream(info.getShape()).map(SignatureReader::size).toArray());
      return new TensorSpec(node.getName(), NativeTypes.toElementType(info), shape);
    } catch (IllegalArgumentException e) {
      throw unsupported(model, role, node, "a tensor of " + e.getMessage());
    }
  }

  private static long size(long declared) {
    return declared < 0 ? Shape.ANY : declared;
  }

  private static ModelLoadException unsupported(
      String model, String role, NodeInfo node, String found) {
    return new ModelLoadException(
        String.format(
            "model %s, engine %s: %s \"%s\" is %s; tensors of %s can be used",
            model,
            OnnxRuntimeOptions.ENGINE,
            role,
            node.getName(),
            found,
            Arrays.toString(ElementType.values())));
  }
}

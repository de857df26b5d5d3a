package io.vivace.core.model.onnx;

import io.vivace.core.ModelLoadException;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks that the payload of each tensor has the size that its type and shape ask for, and the
 * windows of nodes.
 */
final class TensorCheck {
  private final Refusal refusal;
  private final ExternalFiles externalFiles;
  private final SparseCheck sparseCheck;
  private final WindowCheck windowCheck;

  TensorCheck(Refusal refusal, WireFile file, Path model) {
    this.refusal = refusal;
    this.externalFiles = new ExternalFiles(refusal, model);
    this.sparseCheck = new SparseCheck(refusal, file);
    this.windowCheck = new WindowCheck(refusal, file);
  }

  void check(OnnxModel model) {
    graph(model.graph());
    model.trainingGraphs().forEach(this::graph);
    for (OnnxFunction function : model.functions()) {
      attributes(function.attributes());
      nodes(function.nodes());
    }
  }

  private void graph(OnnxGraph graph) {
    graph.initializers().forEach(this::tensor);
    graph.sparseInitializers().forEach(this::sparse);
    nodes(graph.nodes());
  }

  private void nodes(List<OnnxNode> nodes) {
    for (OnnxNode node : nodes) {
      windowCheck.check(node);
      attributes(node.attributes());
    }
  }

  private void attributes(List<OnnxAttribute> attributes) {
    for (OnnxAttribute attribute : attributes) {
      attribute.tensors().forEach(this::tensor);
      attribute.sparseTensors().forEach(this::sparse);
      attribute.graphs().forEach(this::graph);
    }
  }

  private void sparse(OnnxSparseTensor tensor) {
    tensor(tensor.values());
    tensor(tensor.indices());
    sparseCheck.check(tensor);
  }

  private void tensor(OnnxTensor tensor) {
    try {
      payload(tensor, tensor.shape().elements());
    } catch (ArithmeticException e) {
      throw wrong(tensor, "which is more than 2^63 elements or bits");
    }
  }

  private void payload(OnnxTensor tensor, long elements) {
    OnnxElementType type = tensor.type();
    if (type == OnnxElementType.UNDEFINED) {
      throw wrong(tensor, "but needs an element type");
    }
    if (tensor.payload() instanceof OnnxPayload.Typed typed) {
      if (typed.field() != type.field()) {
        throw wrong(
            tensor,
            "and values in field %d, allowed is field %d".formatted(typed.field(), type.field()));
      }
      expect(tensor, type.fieldValues(elements), typed.values().count(), "values");
      return;
    }
    if (type == OnnxElementType.STRING) {
      throw wrong(tensor, "and bytes as its payload, allowed is string_data");
    }
    long wanted = type.bytes(elements);
    if (tensor.payload() instanceof OnnxPayload.Raw raw) {
      expect(tensor, wanted, raw.bytes().length(), "bytes");
    } else if (tensor.payload() instanceof OnnxPayload.External external) {
      if (external.length() >= 0) {
        expect(tensor, wanted, external.length(), "bytes");
      }
      externalFiles.check(tensor, external, wanted);
    }
  }

  private void expect(OnnxTensor tensor, long wanted, long found, String unit) {
    if (wanted != found) {
      throw wrong(tensor, "which is %d %s, but has %d".formatted(wanted, unit, found));
    }
  }

  private ModelLoadException wrong(OnnxTensor tensor, String problem) {
    return refusal.because(
        "has the tensor %s of type %s and shape %s, %s"
            .formatted(Refusal.quote(tensor.name()), tensor.type(), tensor.shape(), problem));
  }
}

package io.vivace.core.model.onnx;

import java.util.List;

/**
 * A graph: the model's own, or the body of a control-flow node.
 *
 * @param name the name; may be empty
 * @param nodes the operations, in the file's order
 * @param initializers the tensors that the nodes use by name
 * @param sparseInitializers the sparse ones
 * @param inputs the inputs; older files list the initializers here, too
 * @param outputs the outputs
 * @param values types of values between nodes; may be empty
 * @param bytes the graph's message in the file
 * @param kept fields that are not interpreted
 */
public record OnnxGraph(
    String name,
    List<OnnxNode> nodes,
    List<OnnxTensor> initializers,
    List<OnnxSparseTensor> sparseInitializers,
    List<OnnxValue> inputs,
    List<OnnxValue> outputs,
    List<OnnxValue> values,
    ByteRange bytes,
    List<ByteRange> kept) {}

package io.vivace.core.model.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a node. The parts that its type does not use have their defaults.
 *
 * @param name the name
 * @param reference in a function's body, the attribute of the function that gives the value; else
 *     empty
 * @param type the number of its type in {@code AttributeProto.AttributeType}; 0 in files older than
 *     that field
 * @param integer the value of an integer
 * @param number the value of a float
 * @param text where the value of a text lies, or null
 * @param integers the values of a list of integers
 * @param numbers the values of a list of floats
 * @param texts the values of a list of texts
 * @param tensors the tensor, or the tensors of a list
 * @param sparseTensors the sparse tensor, or those of a list
 * @param graphs the graph, or the graphs of a list
 * @param bytes the attribute's message in the file
 * @param kept fields that are not interpreted
 */
public record OnnxAttribute(
    String name,
    String reference,
    int type,
    long integer,
    float number,
    @Nullable ByteRange text,
    FieldValues integers,
    FieldValues numbers,
    FieldValues texts,
    List<OnnxTensor> tensors,
    List<OnnxSparseTensor> sparseTensors,
    List<OnnxGraph> graphs,
    ByteRange bytes,
    List<ByteRange> kept) {}

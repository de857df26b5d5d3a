package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns tensors of ONNX's test data into arrays. */
final class Tensors {
  private Tensors() {}

  /** Real numbers are of the given type. */
  static NDArray array(NDManager manager, OnnxMl.TensorProto tensor, DataType real) {
    Shape shape = new Shape(tensor.getDimsList().stream().mapToLong(d -> d).toArray());
    NDArray values = manager.create(values(tensor), shape);
    return switch (tensor.getDataType()) {
      case 1, 11 -> values.toType(real, false);
      case 9 -> values.neq(0);
      default -> values.toType(DataType.INT64, false);
    };
  }

  static double[] values(OnnxMl.TensorProto tensor) {
    long[] dims = tensor.getDimsList().stream().mapToLong(d -> d).toArray();
    double[] values = new double[(int) Layout.product(dims)];
    int bits = packedBits(tensor.getDataType());
    if (bits > 0) {
      return packed(tensor, bits, values);
    }
    ByteBuffer raw =
        ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.getDataType()) {
            case 1 -> raw.getFloat();
            case 11 -> raw.getDouble();
            case 2, 9 -> Byte.toUnsignedInt(raw.get());
            case 3 -> raw.get();
            case 4 -> Short.toUnsignedInt(raw.getShort());
            case 5 -> raw.getShort();
            case 6 -> raw.getInt();
            case 12 -> Integer.toUnsignedLong(raw.getInt());
            case 7, 13 -> raw.getLong();
            default -> throw new IllegalArgumentException("type " + tensor.getDataType());
          };
    }
    return values;
  }

  /** Of types of which several are in a byte. */
  private static int packedBits(int type) {
    return switch (type) {
      case 21, 22 -> 4;
      case 25, 26 -> 2;
      default -> 0;
    };
  }

  /** The low bits come first. */
  private static double[] packed(OnnxMl.TensorProto tensor, int bits, double[] values) {
    boolean signed = tensor.getDataType() == 22 || tensor.getDataType() == 26;
    byte[] raw = tensor.getRawData().toByteArray();
    int perByte = Byte.SIZE / bits;
    for (int i = 0; i < values.length; i++) {
      int code = raw[i / perByte] >> (i % perByte * bits) & ((1 << bits) - 1);
      values[i] = signed && code >= 1 << (bits - 1) ? code - (1 << bits) : code;
    }
    return values;
  }
}

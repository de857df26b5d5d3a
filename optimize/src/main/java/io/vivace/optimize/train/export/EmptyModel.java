package io.vivace.optimize.train.export;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.ModelGraph;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The smallest ONNX file there is: one input that is also the output, by way of an Identity. */
final class EmptyModel {
  static final String INPUT = "input";
  static final String OUTPUT = "output";
  static final int OPSET = 17;
  private static final int IR_VERSION = 8;
  private static final int FLOAT = 1;

  private EmptyModel() {}

  static ModelGraph open() {
    byte[] node =
        new Message()
            .text(1, INPUT)
            .text(2, OUTPUT)
            .text(3, "placeholder")
            .text(4, "Identity")
            .bytes();
    byte[] graph =
        new Message()
            .part(1, node)
            .text(2, "block")
            .part(11, value(INPUT))
            .part(12, value(OUTPUT))
            .bytes();
    byte[] model =
        new Message()
            .number(1, IR_VERSION)
            .text(2, "vivace")
            .part(7, graph)
            .part(8, new Message().text(1, "").number(2, OPSET).bytes())
            .bytes();
    return ModelGraph.open(ModelSource.bytes("block.onnx", model));
  }

  private static byte[] value(String name) {
    byte[] shape = new Message().part(1, new Message().text(2, "N").bytes()).bytes();
    byte[] tensor = new Message().number(1, FLOAT).part(2, shape).bytes();
    return new Message().text(1, name).part(2, new Message().part(1, tensor).bytes()).bytes();
  }

  /** Fields of a protocol buffer. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, int value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return part(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message part(int field, byte[] value) {
      varint((field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(int value) {
      int rest = value;
      while (rest >= 0x80) {
        out.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}

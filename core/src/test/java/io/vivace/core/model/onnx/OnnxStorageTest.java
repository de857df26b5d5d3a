package io.vivace.core.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxStorageTest {
  @TempDir Path folder;

  @Test
  void elements_ofRealModel_equalTheOracles() throws IOException {
    Path file = TestModels.file(TestModels.DIGITS);
    ModelProto oracle = ModelProto.parseFrom(Files.readAllBytes(file));
    OnnxModel model = OnnxModel.read(file);
    try (OnnxStorage storage = OnnxStorage.open(model)) {
      for (int i = 0; i < model.graph().initializers().size(); i++) {
        OnnxTensor tensor = model.graph().initializers().get(i);
        assertThat(storage.elements(tensor).bytes())
            .as(tensor.name())
            .isEqualTo(oracle.getGraph().getInitializer(i).getRawData().toByteArray());
      }
    }
  }

  @Test
  void elements_inEveryForm_areAsInMemory() throws IOException {
    TensorProto.Builder floats = tensor(TensorProto.DataType.FLOAT, 2);
    floats.addFloatData(1).addFloatData(-2);
    assertThat(elements(floats)).isEqualTo("0000803f000000c0");
    TensorProto.Builder longs = tensor(TensorProto.DataType.INT64, 2);
    longs.addInt64Data(1).addInt64Data(-1);
    assertThat(elements(longs)).isEqualTo("0100000000000000ffffffffffffffff");
    TensorProto.Builder bytes = tensor(TensorProto.DataType.INT8, 3);
    bytes.addInt32Data(1).addInt32Data(-128).addInt32Data(127);
    assertThat(elements(bytes)).isEqualTo("01807f");
    TensorProto.Builder halves = tensor(TensorProto.DataType.FLOAT16, 1);
    halves.addInt32Data(0x3c00);
    assertThat(elements(halves)).isEqualTo("003c");
    TensorProto.Builder doubles = tensor(TensorProto.DataType.DOUBLE, 1);
    doubles.addDoubleData(1);
    assertThat(elements(doubles)).isEqualTo("000000000000f03f");
    TensorProto.Builder raw = tensor(TensorProto.DataType.UINT8, 2);
    raw.setRawData(ByteString.copyFrom(new byte[] {5, 6}));
    assertThat(elements(raw)).isEqualTo("0506");
    assertThat(elements(tensor(TensorProto.DataType.FLOAT, 0))).isEmpty();
  }

  @Test
  void elements_externalData_areReadFromTheFolder() throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[] {9, 9, 1, 2, 3});
    assertThat(elements(external("w.bin", 2, 3))).isEqualTo("010203");
  }

  @Test
  void elements_externalDataOutsideOrMissing_isRefused() throws IOException {
    Path outside = Files.write(folder.resolve("w.bin"), new byte[8]);
    Path inner = Files.createDirectory(folder.resolve("inner"));
    for (String location : new String[] {"../w.bin", outside.toString(), "gone.bin", ""}) {
      assertThatThrownBy(() -> elements(external(location, 0, 3), inner))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("\"t\"");
    }
  }

  @Test
  void content_afterClose_isRefused() throws IOException {
    OnnxModel model = OnnxModel.read(TestModels.file(TestModels.DIGITS));
    OnnxStorage storage = OnnxStorage.open(model);
    OnnxContent content = storage.bytes(new ByteRange(0, 4));
    storage.close();
    storage.close();
    assertThatThrownBy(() -> storage.bytes(new ByteRange(0, 4)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> content.read(0, ByteBuffer.allocate(4)))
        .isInstanceOf(IOException.class);
  }

  private static TensorProto.Builder tensor(TensorProto.DataType type, long size) {
    return TensorProto.newBuilder().setName("t").setDataType(type.getNumber()).addDims(size);
  }

  private static TensorProto.Builder external(String location, int offset, int length) {
    return tensor(TensorProto.DataType.UINT8, length)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .addExternalData(entry("offset", String.valueOf(offset)))
        .addExternalData(entry("length", String.valueOf(length)));
  }

  private static StringStringEntryProto.Builder entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
  }

  private String elements(TensorProto.Builder tensor) throws IOException {
    return elements(tensor, folder);
  }

  private static String elements(TensorProto.Builder tensor, Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(file, TestModels.model(TestModels.graph().addInitializer(tensor)).toByteArray());
    OnnxModel model = OnnxModel.read(file);
    try (OnnxStorage storage = OnnxStorage.open(model)) {
      byte[] bytes = storage.elements(model.graph().initializers().get(0)).bytes();
      return HexFormat.of().formatHex(bytes);
    }
  }
}

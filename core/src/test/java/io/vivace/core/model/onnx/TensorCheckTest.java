package io.vivace.core.model.onnx;

import static io.vivace.core.model.onnx.TestModels.graph;
import static io.vivace.core.model.onnx.TestModels.integers;
import static io.vivace.core.model.onnx.TestModels.model;
import static io.vivace.core.model.onnx.TestModels.node;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorCheckTest {
  @TempDir Path outside;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(outside.resolve("model"));
  }

  /** Number of the type, and the bytes of three elements by the text of {@code onnx.proto}. */
  @ParameterizedTest
  @CsvSource({
    "1,12", "2,3", "3,3", "4,6", "5,6", "6,12", "7,24", "9,3", "10,6", "11,24", "12,12", "13,24",
    "14,24", "15,48", "16,6", "17,3", "18,3", "19,3", "20,3", "21,2", "22,2", "23,2", "24,3",
    "25,1", "26,1", "27,3", "28,3"
  })
  void raw_ofExactSize_passesAndOthersAreRefused(int type, int bytes) throws IOException {
    assertPasses(raw(type, bytes, 3));
    assertRefused(raw(type, bytes - 1, 3)).hasMessageContaining("which is " + bytes + " bytes");
    assertRefused(raw(type, bytes + 1, 3)).hasMessageContaining("but has " + (bytes + 1));
  }

  @ParameterizedTest
  @CsvSource({"4,1,3", "4,14,6", "5,6,3", "5,10,3", "5,21,2", "5,26,1", "5,27,3", "7,7,3"})
  void typed_ofExactCount_passesAndOthersAreRefused(int field, int type, int count)
      throws IOException {
    assertPasses(typed(field, type, count));
    assertRefused(typed(field, type, count - 1)).hasMessageContaining(count + " values, but has");
    assertRefused(typed(field, type, count + 1)).hasMessageContaining(count + " values, but has");
  }

  @Test
  void typed_inTheFieldOfAnotherType_isRefused() throws IOException {
    assertRefused(typed(5, 1, 3)).hasMessageContaining("allowed is field 4");
  }

  @Test
  void typed_andRaw_isRefused() throws IOException {
    assertRefused(typed(4, 1, 3).setRawData(zeros(12))).hasMessageContaining("one of them");
  }

  @Test
  void typed_inTwoFields_isRefused() throws IOException {
    assertRefused(typed(4, 1, 3).addInt32Data(1)).hasMessageContaining("one of them");
  }

  @Test
  void strings_asRawBytes_isRefused() throws IOException {
    assertRefused(raw(8, 3, 3)).hasMessageContaining("string_data");
  }

  @Test
  void strings_ofExactCount_passesAndOthersAreRefused() throws IOException {
    TensorProto.Builder two =
        tensor(8, 2).addStringData(ByteString.EMPTY).addStringData(ByteString.EMPTY);
    assertPasses(two);
    assertRefused(two.addStringData(ByteString.EMPTY)).hasMessageContaining("2 values, but has 3");
  }

  @Test
  void scalar_hasOneElement() throws IOException {
    assertPasses(raw(1, 4));
    assertRefused(raw(1, 0)).hasMessageContaining("[]");
  }

  @Test
  void axisOfNoSize_hasNoElement() throws IOException {
    assertPasses(raw(1, 0, 3, 0));
    assertPasses(tensor(7, 0));
    assertRefused(raw(1, 4, 3, 0)).hasMessageContaining("[3, 0]");
  }

  @Test
  void negativeSize_isRefused() throws IOException {
    assertRefused(raw(1, 12, -3)).hasMessageContaining("size -3");
    assertRefused(raw(1, 4, -1, -1)).hasMessageContaining("size -1");
  }

  @ParameterizedTest
  @CsvSource({"4611686018427387904,4", "3037000500,3037000500", "9223372036854775807,1"})
  void productThatOverflows_isRefused(long rows, long columns) throws IOException {
    assertRefused(raw(1, 0, rows, columns)).hasMessageContaining("2^63");
  }

  @Test
  void manyDimensions_areRefused() throws IOException {
    assertRefused(raw(1, 4, new long[100_000])).hasMessageContaining("dimensions");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 29, -1})
  void unknownElementType_isRefused(int type) throws IOException {
    assertRefused(raw(type, 12, 3)).hasMessageContaining("type");
  }

  @Test
  void tensorOfAnAttribute_isCheckedToo() throws IOException {
    AttributeProto.Builder value = AttributeProto.newBuilder().setName("value").setT(raw(1, 5, 3));
    assertThatThrownBy(
            () -> OnnxValidator.validate(write(graph(node("c", "Constant").addAttribute(value)))))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("12 bytes, but has 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,5", "", "0,1,2,3,4,5"})
  void sparse_flatIndicesInOrder_pass(String indices) throws IOException {
    assertPasses(sparse(flat(indices)));
  }

  @ParameterizedTest
  @CsvSource({
    "'0,6',0 to 5",
    "'-1,2',0 to 5",
    "'9223372036854775807',0 to 5",
    "'2,1',ascending",
    "'1,1',ascending",
    "'-9223372036854775808',0 to 5"
  })
  void sparse_flatIndicesOutOfRangeOrOrder_areRefused(String indices, String why)
      throws IOException {
    assertRefused(sparse(flat(indices))).hasMessageContaining(why);
  }

  @Test
  void sparse_rowsOfCoordinates_passOrAreRefused() throws IOException {
    assertPasses(sparse(flat("0,2,1,0").clearDims().addDims(2).addDims(2)));
    assertRefused(sparse(flat("0,3,1,0").clearDims().addDims(2).addDims(2)))
        .hasMessageContaining("0 to 2");
    assertRefused(sparse(flat("1,0,0,2").clearDims().addDims(2).addDims(2)))
        .hasMessageContaining("ascending");
  }

  @Test
  void sparse_indicesOfWrongShapeOrType_areRefused() throws IOException {
    assertRefused(sparse(flat("0,1,2,3").clearDims().addDims(1).addDims(4)))
        .hasMessageContaining("indices of shape");
    assertRefused(sparse(raw(11, 16, 2))).hasMessageContaining("indices of type");
    SparseTensorProto.Builder square = sparse(flat("0,1"));
    square.getValuesBuilder().addDims(1);
    assertRefused(square).hasMessageContaining("values of shape");
  }

  @Test
  void sparse_rawIndicesOfOneByte_areReadWithTheirSign() throws IOException {
    ByteString bytes = ByteString.copyFrom(new byte[] {1, 5});
    assertPasses(sparse(tensor(3, 2).setRawData(bytes)));
    assertRefused(sparse(tensor(3, 2).setRawData(ByteString.copyFrom(new byte[] {-1, 5}))))
        .hasMessageContaining("index -1");
  }

  @Test
  void sparse_withoutIndices_isRefused() throws IOException {
    assertRefused(sparse(flat("0,1")).clearIndices()).hasMessageContaining("lacks its indices");
  }

  @Test
  void sparse_denseFormBeyondTheLimit_isRefused() throws IOException {
    assertRefused(sparse(flat("0,1")).clearDims().addDims(100_000).addDims(100_000))
        .hasMessageContaining("OnnxLimits.constantBytes");
    assertRefused(sparse(flat("0,1")).clearDims().addDims(Long.MAX_VALUE).addDims(8))
        .hasMessageContaining("2^63");
  }

  @Test
  void external_insideTheFolder_passes() throws IOException {
    Files.createDirectories(folder.resolve("weights"));
    Files.write(folder.resolve("weights/w.bin"), new byte[100]);
    assertPasses(external("weights/w.bin", "88", "12"));
    assertPasses(external("./weights/w.bin", null, null));
  }

  @ParameterizedTest
  @CsvSource({"89,12,file has 100", "0,13,12 bytes", "999999999999999999,12,file has 100"})
  void external_offsetOrLengthThatDoNotFit_areRefused(String offset, String length, String why)
      throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[100]);
    assertRefused(external("w.bin", offset, length)).hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e3", "", "9999999999999999999", "0x10", "\u0661"})
  void external_offsetThatIsNoNumber_isRefused(String offset) throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[100]);
    assertRefused(external("w.bin", offset, "12")).hasMessageContaining("offset");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../w.bin",
        "a/../../w.bin",
        "a/..",
        "..",
        "..\\w.bin",
        "a\\w.bin",
        "C:/w.bin",
        "c:w.bin",
        "*/_ORT_MEM_ADDR_/*"
      })
  void external_pathThatLeavesTheFolder_isRefused(String location) throws IOException {
    Files.write(outside.resolve("w.bin"), new byte[100]);
    assertRefused(external(location, "0", "12"))
        .hasMessageContaining("relative path inside the model's folder");
  }

  @Test
  void external_nameThatIsNoPath_isRefused() throws IOException {
    assertRefused(external("w\0.bin", "0", "12")).hasMessageContaining("cannot be read");
  }

  @Test
  void external_linkOutOfTheFolder_isRefused() throws IOException {
    Files.write(outside.resolve("w.bin"), new byte[100]);
    Files.createSymbolicLink(folder.resolve("link.bin"), outside.resolve("w.bin"));
    Files.createSymbolicLink(folder.resolve("up"), outside);
    assertRefused(external("link.bin", "0", "12")).hasMessageContaining("leads out");
    assertRefused(external("up/w.bin", "0", "12")).hasMessageContaining("leads out");
  }

  @Test
  void external_missingFileOrFolder_isRefused() throws IOException {
    Files.createDirectory(folder.resolve("w"));
    assertRefused(external("none.bin", "0", "12")).hasMessageContaining("no such file");
    assertRefused(external("w", "0", "12")).hasMessageContaining("no regular file");
  }

  @Test
  void external_andInTheFile_isRefused() throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[100]);
    assertRefused(external("w.bin", "0", "12").setRawData(zeros(12)))
        .hasMessageContaining("one of them");
  }

  private static TensorProto.Builder tensor(int type, long... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName("w").setDataType(type);
    for (long size : dims) {
      tensor.addDims(size);
    }
    return tensor;
  }

  private static TensorProto.Builder raw(int type, int bytes, long... dims) {
    return tensor(type, dims).setRawData(zeros(bytes));
  }

  private static TensorProto.Builder typed(int field, int type, int count) {
    TensorProto.Builder tensor = tensor(type, 3);
    for (int i = 0; i < count; i++) {
      switch (field) {
        case 4 -> tensor.addFloatData(i);
        case 5 -> tensor.addInt32Data(-i);
        default -> tensor.addInt64Data(-i);
      }
    }
    return tensor;
  }

  private static TensorProto.Builder external(String location, String offset, String length) {
    TensorProto.Builder tensor =
        tensor(1, 3)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location));
    if (offset != null) {
      tensor.addExternalData(entry("offset", offset)).addExternalData(entry("length", length));
    }
    return tensor;
  }

  private static StringStringEntryProto.Builder entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
  }

  private static TensorProto.Builder flat(String indices) {
    return integers(
        "",
        java.util.Arrays.stream(indices.split(",", 0))
            .filter(text -> !text.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray());
  }

  /** A sparse tensor of shape [2, 3] with a value for each index or row of coordinates. */
  private static SparseTensorProto.Builder sparse(TensorProto.Builder indices) {
    int count = (int) indices.getDims(0);
    return SparseTensorProto.newBuilder()
        .setValues(raw(1, 4 * count, count))
        .setIndices(indices)
        .addDims(2)
        .addDims(3);
  }

  private static ByteString zeros(int count) {
    return ByteString.copyFrom(new byte[count]);
  }

  private Path write(ai.onnx.proto.OnnxMl.GraphProto.Builder graph) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model(graph).toByteArray());
  }

  private void assertPasses(TensorProto.Builder tensor) throws IOException {
    Path file = write(graph().addInitializer(tensor));
    assertThatNoException().isThrownBy(() -> OnnxValidator.validate(file));
  }

  private void assertPasses(SparseTensorProto.Builder tensor) throws IOException {
    Path file = write(graph().addSparseInitializer(tensor));
    assertThatNoException().isThrownBy(() -> OnnxValidator.validate(file));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(TensorProto.Builder tensor)
      throws IOException {
    return assertRefused(write(graph().addInitializer(tensor)));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      SparseTensorProto.Builder tensor) throws IOException {
    return assertRefused(write(graph().addSparseInitializer(tensor)));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path file) {
    return assertThatThrownBy(() -> OnnxValidator.validate(file))
        .isInstanceOf(ModelLoadException.class);
  }
}

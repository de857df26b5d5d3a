package io.vivace.core.internal.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostArrayTest {
  private final NDManager manager = HostEngine.INSTANCE.newBaseManager();
  private final Map<String, Supplier<NDArray>> operations = new HashMap<>();

  @BeforeEach
  void operations() {
    float[] elements = new float[24];
    byte[] bytes = new byte[24];
    for (int i = 0; i < 24; i++) {
      elements[i] = i * 7 % 24 / 8f - 1;
      bytes[i] = (byte) (i * 10);
    }
    NDArray a = manager.create(elements, new Shape(2, 3, 4));
    NDArray b = manager.create(new float[][] {{2}, {-0.5f}, {4}});
    NDArray i = manager.create(new long[][] {{5, -3, 9}, {9, 0, -7}});
    NDArray u = manager.create(ByteBuffer.wrap(bytes), new Shape(2, 4, 3), DataType.UINT8);
    NDArray n = manager.create(new float[][] {{1, Float.NaN, 3}, {3, 3, 1}});
    operations.put("a.sum()", a::sum);
    operations.put("a.sum((0,2))", () -> a.sum(new int[] {0, 2}));
    operations.put("a.sum((1,),keepdim=True)", () -> a.sum(new int[] {1}, true));
    operations.put("i.sum((1,))", () -> i.sum(new int[] {1}));
    operations.put("a.mean((2,))", () -> a.mean(new int[] {2}));
    operations.put("a.mean()", a::mean);
    operations.put("a.amax((1,))", () -> a.max(new int[] {1}));
    operations.put("a.amin((0,2))", () -> a.min(new int[] {0, 2}));
    operations.put("i.amax((0,))", () -> i.max(new int[] {0}));
    operations.put("n.amax((1,))", () -> n.max(new int[] {1}));
    operations.put("n.amin((1,))", () -> n.min(new int[] {1}));
    operations.put("a.argmax()", a::argMax);
    operations.put("a.argmax(1)", () -> a.argMax(1));
    operations.put("n.argmax(1)", () -> n.argMax(1));
    operations.put("a.argsort(1)", () -> a.argSort(1));
    operations.put("torch.argsort(i,dim=1,descending=True,stable=True)", () -> i.argSort(1, false));
    operations.put("a.softmax(1)", () -> a.softmax(1));
    operations.put("a.softmax(-1)", () -> a.softmax(-1));
    operations.put("a+b", () -> a.add(b));
    operations.put("a-b", () -> a.sub(b));
    operations.put(
        "a*i.unsqueeze(2)[:,:,:1].float()",
        () -> a.mul(i.expandDims(2).get(":,:,:1").toType(DataType.FLOAT32, false)));
    operations.put("a/b", () -> a.div(b));
    operations.put("i+2", () -> i.add(2));
    operations.put("i*2.5", () -> i.mul(2.5));
    operations.put("i/2", () -> i.div(2));
    operations.put("i-i[0]", () -> i.sub(i.get(0)));
    operations.put("u+1", () -> u.add(1));
    operations.put("u/255.0", () -> u.div(255.0));
    operations.put(
        "a*(i>0).unsqueeze(2)",
        () -> a.mul(i.clip(0, 1).toType(DataType.BOOLEAN, false).expandDims(2)));
    operations.put("a.neg()", a::neg);
    operations.put("a.abs()", a::abs);
    operations.put("i.abs()", i::abs);
    operations.put("b.abs().sqrt()", () -> b.abs().sqrt());
    operations.put("a.exp()", a::exp);
    operations.put("(a+2).log()", () -> a.add(2).log());
    operations.put("a.clamp(-0.5,0.75)", () -> a.clip(-0.5, 0.75));
    operations.put("i.clamp(0,6)", () -> i.clip(0, 6));
    operations.put("a.permute(2,0,1)", () -> a.transpose(2, 0, 1));
    operations.put("i.T", i::transpose);
    operations.put("a.flip(0,2)", () -> a.flip(0, 2));
    operations.put("b.expand(2,3,4)", () -> b.broadcast(2, 3, 4));
    operations.put("a.reshape(4,-1)", () -> a.reshape(4, -1));
    operations.put("a.unsqueeze(1)", () -> a.expandDims(1));
    operations.put("a[1]", () -> a.get(1));
    operations.put("a[:,0]", () -> a.get(":, 0"));
    operations.put("a[:,1:3,::2]", () -> a.get(":, 1:3, ::2"));
    operations.put("a[...,-1]", () -> a.get("..., -1"));
    operations.put("a.split([1,2],dim=1)[1]", () -> a.split(new long[] {1}, 1).get(1));
    operations.put("a.split(2,dim=2)[0]", () -> a.split(2, 2).get(0));
    operations.put("torch.stack([b,b+1],0)", () -> b.stack(b.add(1)));
    operations.put("torch.stack([b,b+1],2)", () -> b.stack(b.add(1), 2));
    operations.put("torch.cat([a,a[:,:1]],1)", () -> a.concat(a.get(":, :1"), 1));
    operations.put("torch.cat([i,i],0)", () -> NDArrays.concat(new NDList(i, i)));
    operations.put("torch.nn.functional.normalize(a,dim=2)", () -> a.normalize(2, 2));
    operations.put("torch.sigmoid(a)", () -> a.getNDArrayInternal().sigmoid());
    operations.put("torch.tanh(a)", () -> a.getNDArrayInternal().tanh());
    operations.put("u.permute(2,0,1)", () -> u.transpose(2, 0, 1));
    operations.put("u.float()", () -> u.toType(DataType.FLOAT32, true));
    operations.put("a.to(torch.int32)", () -> a.toType(DataType.INT32, true));
    operations.put("a.half()", () -> a.toType(DataType.FLOAT16, true));
    operations.put(
        "(a.abs()*3).to(torch.uint8)", () -> a.abs().mul(3).toType(DataType.UINT8, true));
    operations.put("a.bool()", () -> a.toType(DataType.BOOLEAN, true));
    operations.put("i.double()", () -> i.toType(DataType.FLOAT64, true));
    operations.put("torch.arange(1,4,0.5)", () -> manager.arange(1f, 4f, 0.5f));
    operations.put("torch.full((2,2),7.)", () -> manager.full(new Shape(2, 2), 7f));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  static List<String> golden() throws IOException {
    try (var lines = HostArrayTest.class.getResourceAsStream("host-arrays.tsv")) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void operation_anyKind_answersAsPyTorch(String line) {
    String[] fields = line.split("\t", -1);
    long[] sizes =
        Arrays.stream(fields[2].split(" "))
            .filter(s -> !s.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    double[] wanted =
        Arrays.stream(fields[3].split(" "))
            .mapToDouble(s -> s.equals("nan") ? Double.NaN : Double.parseDouble(s))
            .toArray();

    NDArray found = operations.get(fields[0]).get();

    assertThat(found.getDataType()).hasToString(fields[1].toLowerCase(Locale.ROOT));
    assertThat(found.getShape()).isEqualTo(new Shape(sizes));
    // A few units in the last place of float32: PyTorch computes in float32, host arrays in
    // float64.
    assertThat(found.toType(DataType.FLOAT64, false).toDoubleArray())
        .containsExactly(wanted, within(4e-7));
  }

  @Test
  void addInPlace_array_changesIt() {
    NDArray array = manager.create(new float[] {1, 2});

    assertThat(array.addi(1).muli(array).subi(1).divi(2)).isSameAs(array);
    assertThat(array.toFloatArray()).containsExactly(1.5f, 4f);
  }

  @Test
  void sum_ofLargeIntegers_isExact() {
    NDArray array = manager.create(new long[] {1L << 60, 1});

    assertThat(array.sum().getLong()).isEqualTo((1L << 60) + 1);
    assertThat(array.add(1).toLongArray()).containsExactly((1L << 60) + 1, 2);
  }

  @Test
  void texts_stackAndUnstack_keepTheirPlaces() {
    NDList batch =
        Batchifier.STACK.batchify(
            new NDList[] {
              new NDList(manager.create(new String[] {"a", "b"})),
              new NDList(manager.create(new String[] {"c", "d"}))
            });

    assertThat(batch.head().getShape()).isEqualTo(new Shape(2, 2));
    assertThat(Batchifier.STACK.unbatchify(batch)[1].head().toStringArray())
        .containsExactly("c", "d");
  }

  @Test
  void get_outsideTheShape_isAnError() {
    NDArray array = manager.create(new float[] {1, 2});

    assertThatThrownBy(() -> array.get(2))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("shape (2)");
  }

  @Test
  void reshape_otherSize_isAnError() {
    NDArray array = manager.create(new float[] {1, 2});

    assertThatThrownBy(() -> array.reshape(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(2) cannot be reshaped to (3)");
  }

  @Test
  void max_ofNothing_isAnError() {
    assertThatThrownBy(() -> manager.create(new float[0]).max())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no elements");
    assertThat(manager.create(new float[0]).sum().getFloat()).isZero();
  }

  @Test
  void stack_differentShapes_isAnError() {
    assertThatThrownBy(() -> manager.create(new float[2]).stack(manager.create(new float[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(2) and (3)");
  }

  @Test
  void close_manager_closesItsArrays() {
    NDArray array;
    NDArray kept;
    try (NDManager child = manager.newSubManager()) {
      array = child.create(new float[] {1});
      kept = child.create(new float[] {2});
      kept.attach(manager);
    }

    assertThat(kept.getFloat(0)).isEqualTo(2);
    assertThatThrownBy(array::toFloatArray).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void encode_andDecode_giveTheSameArray() {
    NDArray array = manager.create(new float[] {1, 2, 3}, new Shape(3, 1));

    assertThat(NDArray.decode(manager, array.encode())).isEqualTo(array);
  }
}

package io.vivace.optimize;

import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.torch.TorchStorage;
import io.vivace.core.model.torch.TorchTensor;
import io.vivace.core.tensor.Float16;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A weight of a TorchScript module. Elements of 16 bits are seen as single-precision floats, and
 * rounded when they are put back.
 */
final class TorchLayer implements LayerTensor {
  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final TorchModel model;
  private final TorchTensor tensor;

  TorchLayer(TorchModel model, TorchTensor tensor) {
    this.model = model;
    this.tensor = tensor;
  }

  /**
   * Whether it is a weight that can be changed. One of more elements than its storage has, as where
   * a small tensor was expanded, is none.
   */
  static boolean isLayer(TorchTensor tensor) {
    boolean floats =
        switch (tensor.storage().type()) {
          case FLOAT, FLOAT16, BFLOAT16 -> true;
          default -> false;
        };
    return floats
        && tensor.shape().rank() >= 2
        && tensor.shape().elements() > 0
        && tensor.shape().elements() <= tensor.storage().elements()
        && last(tensor.name()).toLowerCase(Locale.ROOT).contains("weight")
        && !last(tensor.module()).contains("Norm");
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  TorchTensor tensor() {
    return tensor;
  }

  /** Whether it looks at a place that another layer looks at. */
  boolean meets(TorchLayer other) {
    TorchTensor one = other.tensor;
    return one.storage().key().equals(tensor.storage().key())
        && tensor.offset() < one.end()
        && one.offset() < tensor.end();
  }

  /**
   * Checks that it looks at nothing but what another layer looks at.
   *
   * @throws GraphException if only a part of it does
   */
  void requirePartOf(TorchLayer other) {
    TorchTensor one = other.tensor;
    if (tensor.offset() < one.offset() || tensor.end() > one.end()) {
      throw new GraphException(
          "weights %s and %s of model %s look into one storage and share a part of it; save the model"
                  .formatted(one, tensor, model.name())
              + " with weights of their own");
    }
  }

  @Override
  public Weight weight() {
    OnnxContent seen = model.read(tensor.storage(), range());
    OnnxContent elements = isStreamed() ? seen : OnnxContent.of(gathered(ordered(whole(seen))));
    return Weight.of(tensor.name(), OnnxElementType.FLOAT, tensor.shape(), elements);
  }

  private boolean isStreamed() {
    return tensor.storage().type() == OnnxElementType.FLOAT && tensor.isContiguous();
  }

  /** From the first to the last element that it looks at. */
  private ByteRange range() {
    OnnxElementType type = tensor.storage().type();
    return new ByteRange(type.bytes(tensor.offset()), type.bytes(tensor.end() - tensor.offset()));
  }

  /** In one array, since elements that are not in a row are not read in pieces. */
  private byte[] whole(OnnxContent seen) {
    long bytes = Math.max(seen.length(), tensor.shape().elements() * Float.BYTES);
    if (bytes > LARGEST_ARRAY) {
      throw new GraphException(
          "weight %s of model %s is of 16 bits or does not lie in a row, and would take %,d bytes in one piece, allowed are %,d; exclude it"
              .formatted(tensor, model.name(), bytes, LARGEST_ARRAY));
    }
    return bytes(seen);
  }

  private byte[] bytes(OnnxContent content) {
    try {
      return content.bytes();
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + tensor + " cannot be read: " + e, e);
    }
  }

  private byte[] gathered(ByteBuffer seen) {
    byte[] gathered = new byte[Math.toIntExact(tensor.shape().elements() * Float.BYTES)];
    ByteBuffer floats = ordered(gathered);
    forEach(place -> floats.putFloat(read(seen, place)));
    return gathered;
  }

  private float read(ByteBuffer seen, int place) {
    return switch (tensor.storage().type()) {
      case FLOAT16 -> Float16.toFloat(seen.getShort(place * Short.BYTES));
      case BFLOAT16 -> Float.intBitsToFloat(seen.getShort(place * Short.BYTES) << Short.SIZE);
      default -> seen.getFloat(place * Float.BYTES);
    };
  }

  private void write(ByteBuffer seen, int place, float value) {
    switch (tensor.storage().type()) {
      case FLOAT16 -> seen.putShort(place * Short.BYTES, Float16.fromFloat(value));
      case BFLOAT16 -> seen.putShort(place * Short.BYTES, bfloat16(value));
      default -> seen.putFloat(place * Float.BYTES, value);
    }
  }

  /** To the nearest, ties to even. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.isNaN(value)
        ? (short) ((bits >>> Short.SIZE) | 0x40)
        : (short) ((bits + 0x7fff + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE);
  }

  /** Takes the places of elements behind the first one. */
  private interface PlaceVisitor {
    void visit(int place);
  }

  /** All elements in row-major order. */
  private void forEach(PlaceVisitor visitor) {
    long[] sizes = tensor.shape().toArray();
    List<Long> strides = tensor.strides();
    int last = sizes.length - 1;
    long[] index = new long[sizes.length];
    long place = 0;
    for (long left = tensor.shape().elements(); left > 0; left--) {
      visitor.visit(Math.toIntExact(place));
      int axis = last;
      place += strides.get(axis);
      while (++index[axis] == sizes[axis] && axis > 0) {
        place -= strides.get(axis) * sizes[axis];
        index[axis--] = 0;
        place += strides.get(axis);
      }
    }
  }

  @Override
  public int channelAxis() {
    return last(tensor.module()).startsWith("ConvTranspose") ? 1 : 0;
  }

  @Override
  public boolean isTable() {
    return last(tensor.module()).startsWith("Embedding");
  }

  @Override
  public void replace(Weight replacement) {
    if (replacement.type() != OnnxElementType.FLOAT
        || !replacement.shape().equals(tensor.shape())) {
      throw new IllegalArgumentException(
          "tensor %s cannot take the place of %s".formatted(replacement, tensor));
    }
    TorchStorage storage = tensor.storage();
    if (isStreamed()) {
      model.put(storage, range().offset(), replacement.elements());
      return;
    }
    requireApart();
    byte[] elements = whole(model.read(storage, range()));
    ByteBuffer places = ordered(elements);
    ByteBuffer values = ordered(bytes(replacement.elements()));
    forEach(place -> write(places, place, values.getFloat()));
    model.put(storage, range().offset(), OnnxContent.of(elements));
  }

  /** As where a tensor was expanded, by a stride of 0. */
  private void requireApart() {
    long reached = 1;
    List<Integer> axes =
        IntStream.range(0, tensor.shape().rank())
            .boxed()
            .sorted(Comparator.comparing(axis -> tensor.strides().get(axis)))
            .toList();
    for (int axis : axes) {
      long size = tensor.shape().dimension(axis);
      if (size > 1) {
        if (tensor.strides().get(axis) < reached) {
          throw new GraphException(
              "weight %s of model %s has elements that share a place; exclude it, or save it with"
                      .formatted(tensor, model.name())
                  + " elements of its own");
        }
        reached = tensor.strides().get(axis) * (size - 1) + reached;
      }
    }
  }

  private static ByteBuffer ordered(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public String toString() {
    return tensor.toString();
  }
}

package io.vivace.core.internal.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Makes DJL arrays on the Java heap, with the few operations that translators use most, where no
 * engine with arrays of its own is at hand.
 */
class HostArrays extends BaseNDManager {
  static final HostArrays ROOT = new Root();

  private HostArrays(@Nullable NDManager parent, Device device) {
    super(parent, device);
  }

  HostArray wrap(Shape shape, Elements elements) {
    return new HostArray(this, shape, elements);
  }

  @Override
  public final Engine getEngine() {
    return HostEngine.INSTANCE;
  }

  @Override
  public HostArrays newSubManager(Device device) {
    HostArrays child = new HostArrays(this, device);
    attachInternal(child.uid, child);
    return child;
  }

  @Override
  public ByteBuffer allocateDirect(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  @Override
  public NDArray from(NDArray array) {
    return array == null || array instanceof HostArray ? array : copy(array);
  }

  private HostArray copy(NDArray array) {
    HostArray copy =
        array.getDataType() == DataType.STRING
            ? wrap(array.getShape(), Texts.of(array.toStringArray()))
            : create(array.toByteBuffer(), array.getShape(), array.getDataType());
    copy.setName(array.getName());
    return copy;
  }

  @Override
  public HostArray create(Buffer data, Shape shape, DataType type) {
    int size = Math.toIntExact(shape.size());
    validateBuffer(data, type, size);
    int bytes = Math.multiplyExact(size, type.getNumOfBytes());
    ByteBuffer copy = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    copyBuffer(data, copy);
    return wrap(shape, new Numbers(type, copy.clear()));
  }

  @Override
  public HostArray create(String[] data, Charset charset, Shape shape) {
    if (shape.size() != data.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " does not hold exactly " + data.length + " texts");
    }
    return wrap(shape, Texts.of(data));
  }

  @Override
  public HostArray full(Shape shape, float value, DataType type) {
    return wrap(shape, Numbers.of(type, Math.toIntExact(shape.size()), i -> value));
  }

  @Override
  public HostArray arange(float start, float stop, float step, DataType type) {
    int size = Math.max(0, (int) Math.ceil(((double) stop - start) / step));
    return wrap(new Shape(size), Numbers.of(type, size, i -> start + (double) i * step));
  }

  /** The manager that all others come from. It is never closed. */
  private static final class Root extends HostArrays implements SystemNDManager {
    Root() {
      super(null, Device.cpu());
    }

    @Override
    public void attachInternal(String id, AutoCloseable... resources) {}

    @Override
    public void attachUncappedInternal(String id, AutoCloseable resource) {}

    @Override
    public void detachInternal(String id) {}

    @Override
    public void close() {}
  }
}

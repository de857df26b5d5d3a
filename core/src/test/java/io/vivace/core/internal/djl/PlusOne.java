package io.vivace.core.internal.djl;

import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A model that adds one to each of two numbers in a row, and notes how it was used. */
public final class PlusOne implements LoadedModel {
  public final List<Long> batches = new CopyOnWriteArrayList<>();
  public final AtomicInteger openContexts = new AtomicInteger();
  public final AtomicInteger closings = new AtomicInteger();
  private final Signature signature =
      new Signature(
          List.of(TensorSpec.of("x", ElementType.FLOAT32, -1, 2)),
          List.of(TensorSpec.of("y", ElementType.FLOAT32, -1, 2)));

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public String device() {
    return "cpu";
  }

  @Override
  public ExecutionContext newContext() {
    openContexts.incrementAndGet();
    return new Context();
  }

  @Override
  public void close() {
    if (openContexts.get() != 0) {
      throw new IllegalStateException("contexts must be closed before the model");
    }
    closings.incrementAndGet();
  }

  private final class Context implements ExecutionContext {
    private final AtomicInteger users = new AtomicInteger();
    private boolean closed;
    private Tensor memory = Tensor.of(new float[2], 1, 2);

    @Override
    public List<Tensor> prepare(List<TensorSpec> inputs) {
      memory = Tensor.allocate(ElementType.FLOAT32, inputs.get(0).shape());
      return List.of(memory);
    }

    @Override
    public List<Tensor> run() {
      if (closed || users.incrementAndGet() != 1) {
        throw new IllegalStateException("a context is used by one thread at a time, until closed");
      }
      FloatBuffer numbers = memory.data().asFloatBuffer();
      batches.add(memory.shape().dimension(0));
      for (int i = 0; i < memory.size(); i++) {
        if (numbers.get(i) == Float.MAX_VALUE) {
          users.decrementAndGet();
          throw new EngineException("the number is too large");
        }
        numbers.put(i, numbers.get(i) + 1);
      }
      users.decrementAndGet();
      return List.of(memory);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openContexts.decrementAndGet();
      }
    }
  }
}

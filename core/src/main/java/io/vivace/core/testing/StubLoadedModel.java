package io.vivace.core.testing;

import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.util.List;

/** A stub model that was opened: every use of it is checked as if memory could be freed. */
final class StubLoadedModel implements LoadedModel {
  private final StubModel model;
  private int contexts;
  private int runs;
  private boolean closed;

  StubLoadedModel(StubModel model) {
    this.model = model;
    model.use().opened();
  }

  @Override
  public Signature signature() {
    return model.signature();
  }

  @Override
  public String device() {
    return "cpu";
  }

  @Override
  public synchronized ExecutionContext newContext() {
    requireOpen("a context was asked for");
    contexts++;
    return new Context();
  }

  private synchronized void requireOpen(String what) {
    if (closed) {
      model.use().misused(what + " after the model was closed");
    }
  }

  private synchronized void runs(int change) {
    runs += change;
  }

  private synchronized void contextClosed() {
    requireOpen("a context was closed");
    contexts--;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    if (runs > 0) {
      model.use().misused("the model was closed during " + runs + " runs");
    }
    if (contexts > 0) {
      model.use().misused("the model was closed with " + contexts + " open contexts");
    }
    closed = true;
    model.use().closed();
  }

  private final class Context implements ExecutionContext {
    private List<Tensor> inputs = List.of();
    private boolean inUse;
    private boolean contextClosed;

    @Override
    public List<Tensor> prepare(List<TensorSpec> specs) {
      enter("a batch was prepared");
      inputs = specs.stream().map(spec -> Tensor.allocate(spec.type(), spec.shape())).toList();
      leave();
      return inputs;
    }

    @Override
    public List<Tensor> run() {
      enter("a run began");
      runs(1);
      try {
        return model.run(inputs);
      } finally {
        runs(-1);
        leave();
      }
    }

    private synchronized void enter(String what) {
      requireOpen(what);
      if (contextClosed) {
        model.use().misused(what + " after its context was closed");
      }
      if (inUse) {
        model.use().misused(what + " while another thread was in the same context");
      }
      inUse = true;
    }

    private synchronized void leave() {
      inUse = false;
    }

    @Override
    public synchronized void close() {
      if (contextClosed) {
        return;
      }
      if (inUse) {
        model.use().misused("a context was closed during its run");
      }
      contextClosed = true;
      contextClosed();
    }

    private void contextClosed() {
      StubLoadedModel.this.contextClosed();
    }
  }
}

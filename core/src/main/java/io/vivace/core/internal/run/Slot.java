package io.vivace.core.internal.run;

import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.ModelRow;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.RowReader;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that one native run needs: a context, windows on its inputs and outputs. Used by one thread
 * at a time; makes nothing new while shapes stay as they are.
 */
final class Slot implements ModelRow {
  private final LoadedModel model;
  private final Signature signature;
  private final Layout layout;
  private volatile @Nullable ExecutionContext context;
  private List<TensorSpec> prepared = List.of();
  private TensorRow[] writers = {};
  private @Nullable List<Tensor> outputs;
  private @Nullable TensorRow[] readers = {};
  private int batch;
  private int row;
  private boolean timed;
  private long beginNanos;
  private long runNanos;
  private long endNanos;

  /** Counts down to the next direct run that is timed. Only for the thread that has the slot. */
  int untilTimed;

  Slot(LoadedModel model, Signature signature, Layout layout) {
    this.model = model;
    this.signature = signature;
    this.layout = layout;
  }

  /** Takes notes of when each run began and ended. */
  void time() {
    timed = true;
  }

  /** Tells what the last run took; it must have been timed. */
  void tell(Events events, int rows, long splitNanos) {
    events.ran(rows, batch, runNanos - beginNanos, endNanos - runNanos, splitNanos);
  }

  /** Writes one row and runs. */
  void run(EncodedRow item) {
    begin();
    int rows = Math.max(1, layout.fixedBatch());
    prepare(rows, new EncodedRow[] {item}, layout.isOpen(), 0, 1);
    for (int i = 0; i < rows; i++) {
      write(item, i);
    }
    run();
  }

  /**
   * Writes rows and runs. A row that cannot be written fails alone: its place is taken by a copy of
   * another, so that nothing left over from an earlier run reaches the engine.
   *
   * @param size how many rows the run has, padding included
   * @param failures receives the error of each row that failed, at its position in {@code items}
   */
  void run(
      EncodedRow[] items, int from, int count, int size, @Nullable InferenceException[] failures) {
    begin();
    int rows = Math.max(size, layout.fixedBatch());
    prepare(rows, items, layout.isOpen(), from, count);
    int good = -1;
    for (int i = 0; i < count; i++) {
      try {
        write(items[from + i], i);
        good = from + i;
      } catch (RuntimeException e) {
        failures[from + i] = invalid(e);
      }
    }
    if (good < 0) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      if (i >= count || failures[from + i] != null) {
        write(items[good], i);
      }
    }
    run();
  }

  /** Runs on zeros, to warm up and to see what comes out. */
  List<Tensor> runZeros(List<TensorSpec> specs, int rows) {
    if (!specs.equals(prepared)) {
      prepare(specs);
    }
    batch = Math.max(rows, layout.fixedBatch());
    for (TensorRow writer : writers) {
      writer.zero();
    }
    run();
    return Objects.requireNonNull(outputs);
  }

  /** Reads the answer of one row of the last run. */
  <O> O decode(int row, Postprocessor<O> postprocessor) {
    this.row = row;
    O answer;
    try {
      answer = postprocessor.decode(this);
    } catch (InferenceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EngineException("the codec " + postprocessor + " failed to decode a row: " + e, e);
    }
    if (answer == null) {
      throw new EngineException("the codec " + postprocessor + " decoded a row to null");
    }
    return answer;
  }

  static InferenceException invalid(RuntimeException e) {
    return e instanceof InferenceException inference
        ? inference
        : new InvalidInputException("the item could not be encoded: " + e, e);
  }

  private void prepare(int rows, EncodedRow[] items, boolean open, int from, int count) {
    if (open) {
      List<TensorSpec> specs = layout.openSpecs(items, from, count, rows);
      if (!specs.equals(prepared)) {
        prepare(specs);
      }
    } else if (rows != batch || prepared.isEmpty()) {
      prepare(layout.closedSpecs(rows));
    }
    batch = rows;
  }

  private void prepare(List<TensorSpec> specs) {
    prepared = List.of();
    ExecutionContext ready = context;
    if (ready == null) {
      ready = model.newContext();
      context = ready;
    }
    List<Tensor> tensors = ready.prepare(specs);
    TensorRow[] rows = new TensorRow[tensors.size()];
    for (int i = 0; i < rows.length; i++) {
      boolean batched = layout.inputs().get(i).batched();
      rows[i] = batched ? TensorRow.ofBatch(tensors.get(i)) : TensorRow.ofWhole(tensors.get(i));
    }
    writers = rows;
    outputs = null;
    prepared = specs;
  }

  private void write(EncodedRow item, int row) {
    for (int i = 0; i < writers.length; i++) {
      item.write(layout.inputs().get(i).codecTensor(), writers[i].at(row));
    }
  }

  private void begin() {
    if (timed) {
      beginNanos = System.nanoTime();
    }
  }

  private void run() {
    ExecutionContext ready = Objects.requireNonNull(context);
    if (timed) {
      runNanos = System.nanoTime();
    }
    List<Tensor> now = ready.run();
    if (timed) {
      endNanos = System.nanoTime();
    }
    if (now != outputs) {
      check(now);
      readers = new TensorRow[now.size()];
      for (int i = 0; i < readers.length; i++) {
        readers[i] = reader(now.get(i));
      }
      outputs = now;
    }
  }

  private void check(List<Tensor> found) {
    int wanted = signature.outputs().size();
    if (signature.isDeclared() && wanted > 0 && found.size() != wanted) {
      throw new EngineException(
          "the model states "
              + wanted
              + " outputs "
              + signature.outputs()
              + ", but a run gave "
              + found.size());
    }
  }

  /** Asks the run in progress to end, or takes that back. From any thread. */
  void terminate(boolean terminate) {
    ExecutionContext ready = context;
    if (ready != null) {
      ready.terminate(terminate);
    }
  }

  /** Null where the first axis is not the batch: an error only for who asks for that output. */
  private @Nullable TensorRow reader(Tensor output) {
    Shape shape = output.shape();
    boolean batched = shape.rank() > 0 && shape.dimension(0) == batch && hasBatchAxis();
    if (batched) {
      return TensorRow.ofBatch(output);
    }
    return batch == 1 ? TensorRow.ofWhole(output) : null;
  }

  private boolean hasBatchAxis() {
    return layout.inputs().isEmpty() || layout.inputs().stream().anyMatch(Layout.Input::batched);
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public RowReader output(int index) {
    TensorRow reader = readers[index];
    if (reader == null) {
      Shape shape = Objects.requireNonNull(outputs).get(index).shape();
      throw new EngineException(
          "output "
              + index
              + " has shape "
              + shape
              + ": its first axis is not the batch of "
              + batch);
    }
    return reader.at(row);
  }

  @Override
  public RowReader output(String name) {
    return output(position(signature.outputs(), name, "output"));
  }

  @Override
  public RowReader input(String name) {
    for (int i = 0; i < writers.length; i++) {
      if (layout.inputs().get(i).model().name().equals(name)) {
        return writers[i].at(row);
      }
    }
    throw new IllegalArgumentException(
        "no input \"" + name + "\"; there are " + signature.inputs());
  }

  private static int position(List<TensorSpec> specs, String name, String kind) {
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no " + kind + " \"" + name + "\"; there are " + specs);
  }

  void close() {
    ExecutionContext open = context;
    if (open != null) {
      open.close();
      context = null;
    }
  }
}

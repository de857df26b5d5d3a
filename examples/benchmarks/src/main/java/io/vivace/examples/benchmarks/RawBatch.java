package io.vivace.examples.benchmarks;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Memory for batches of up to so many rows, with tensors made once for each number of rows. For one
 * thread at a time.
 */
final class RawBatch<I> implements AutoCloseable {
  private record Bound(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}

  private final RawSession<I> session;
  private final List<ByteBuffer> inputs = new ArrayList<>();
  private final ByteBuffer output;
  private final FloatBuffer answers;
  private final Map<Integer, Bound> bound = new HashMap<>();

  RawBatch(RawSession<I> session, int maxRows) {
    this.session = session;
    for (RawRows.Input input : session.rows.inputs()) {
      inputs.add(direct(maxRows * RawRows.size(input.row().toArray()) * input.type().size));
    }
    this.output = direct(maxRows * RawRows.size(session.rows.outputRow()) * Float.BYTES);
    this.answers = output.asFloatBuffer();
  }

  private static ByteBuffer direct(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }

  void put(int row, I item) {
    session.rows.write(inputs, row, item);
  }

  float[] get(int row) {
    return session.rows.read(answers, row);
  }

  void run(int rows) throws OrtException {
    Bound tensors = bound.get(rows);
    if (tensors == null) {
      tensors = bind(rows);
      bound.put(rows, tensors);
    }
    session.session.run(tensors.inputs, Set.of(), tensors.outputs).close();
  }

  private Bound bind(int rows) throws OrtException {
    Map<String, OnnxTensor> in = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      RawRows.Input input = session.rows.inputs().get(i);
      in.put(input.name(), tensor(inputs.get(i), input.type(), rows, input.row().toArray()));
    }
    OnnxTensor out = tensor(output, OnnxJavaType.FLOAT, rows, session.rows.outputRow());
    return new Bound(in, Map.of(session.rows.output(), out));
  }

  private OnnxTensor tensor(ByteBuffer memory, OnnxJavaType type, int rows, long[] row)
      throws OrtException {
    long[] shape = new long[row.length + 1];
    shape[0] = rows;
    System.arraycopy(row, 0, shape, 1, row.length);
    int bytes = Math.toIntExact(RawRows.size(shape) * type.size);
    ByteBuffer part = memory.duplicate().order(ByteOrder.nativeOrder()).limit(bytes);
    return OnnxTensor.createTensor(session.environment, part, shape, type);
  }

  @Override
  public void close() {
    for (Bound tensors : bound.values()) {
      tensors.inputs.values().forEach(OnnxTensor::close);
      tensors.outputs.values().forEach(OnnxTensor::close);
    }
  }
}

package io.vivace.examples.benchmarks;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;

/** A model in ONNX Runtime with nothing around it, one thread a run. */
final class RawSession<I> implements AutoCloseable {
  static {
    Engine.getEngine("OnnxRuntime"); // DJL's engine cannot start once somebody else was here
  }

  final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  final OrtSession session;
  final RawRows<I> rows;

  RawSession(Path file, RawRows<I> rows) throws OrtException {
    this.rows = rows;
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    this.session = environment.createSession(file.toString(), options);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}

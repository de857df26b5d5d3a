package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;

/**
 * Through which another thread ends a run of a context: native code looks at it between the nodes
 * of the graph.
 */
final class Termination implements AutoCloseable {
  private final RunOptions options;
  private volatile boolean asked;
  private boolean closed;

  Termination() throws OrtException {
    this.options = new RunOptions();
  }

  RunOptions options() {
    return options;
  }

  boolean isAsked() {
    return asked;
  }

  synchronized void ask(boolean terminate) throws OrtException {
    if (!closed && asked != terminate) {
      options.setTerminate(terminate);
      asked = terminate;
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      options.close();
    }
  }
}

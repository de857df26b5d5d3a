package io.vivace.core.spi;

import io.vivace.core.model.Signature;

/**
 * A model that an engine has opened. Thread-safe, but {@link #close} must not be called while a
 * context is in use: the predictor's lease sees to that.
 */
public interface LoadedModel extends AutoCloseable {
  /**
   * Returns what the model's file states of inputs and outputs.
   *
   * @return the signature, or {@link Signature#UNDECLARED}
   */
  Signature signature();

  /**
   * Returns the device that runs the model.
   *
   * @return for example {@code cpu} or {@code gpu:0}
   */
  String device();

  /**
   * Makes a context: the buffers and bound tensors for one run at a time.
   *
   * @return a new context, to be closed before the model
   */
  ExecutionContext newContext();

  /** Frees the model. May be called twice. */
  @Override
  void close();
}

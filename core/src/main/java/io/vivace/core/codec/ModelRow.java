package io.vivace.core.codec;

import io.vivace.core.model.Signature;

/** One row of every output of a run, and of every input. Valid only while it is decoded. */
public interface ModelRow {
  /**
   * Returns the signature of the model that ran.
   *
   * @return the signature
   */
  Signature signature();

  /**
   * Returns this row of an output.
   *
   * @param index the position in {@link Signature#outputs()}
   * @return a view of the engine's memory
   * @throws IndexOutOfBoundsException if there is no such output
   */
  RowReader output(int index);

  /**
   * Returns this row of an output.
   *
   * @param name the output's name
   * @return a view of the engine's memory
   * @throws IllegalArgumentException if there is no output of that name; the message lists those
   *     there are
   */
  RowReader output(String name);

  /**
   * Returns this row of an input, as it was written, padding included.
   *
   * @param name the input's name
   * @return a view of the input's memory
   * @throws IllegalArgumentException if there is no input of that name; the message lists those
   *     there are
   */
  RowReader input(String name);
}

package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a metric gathers from batches. Merging must be associative and independent of order in every
 * bit: gather counts, {@link ExactSum} and sorted or sortable data. Not thread-safe.
 *
 * @param <B> the batches it sees
 * @param <A> the implementing type itself
 */
public interface Accumulator<B extends Batch, A extends Accumulator<B, A>> {
  /**
   * Takes in a batch. If it throws, nothing of the batch may be kept.
   *
   * @param batch the rows
   * @throws IllegalArgumentException if the batch does not suit the metric, or what was seen before
   */
  void update(B batch);

  /**
   * Takes in what another gathered.
   *
   * @param other of the same metric; stays as it is
   * @throws IllegalArgumentException if the two do not go together
   */
  void merge(A other);

  /** Forgets everything. */
  void reset();

  /**
   * Writes what was gathered.
   *
   * @param out where to
   * @throws IOException never of its own
   */
  void write(DataOutputStream out) throws IOException;

  /**
   * Replaces what was gathered by what {@link #write} wrote. The data is untrusted: {@link
   * DataInputStream#available()} tells how many bytes are left, so sizes are checked before memory
   * is taken.
   *
   * @param in where from
   * @throws IOException if the data ends early
   * @throws IllegalArgumentException if the data cannot be
   */
  void read(DataInputStream in) throws IOException;
}

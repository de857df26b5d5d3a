package io.vivace.optimize.graph;

/**
 * A weight tensor that a layer multiplies with or looks up in, in a model of any format. What is
 * tied, or has several names, is one.
 */
public interface LayerTensor {
  /**
   * Returns the tensor.
   *
   * @return single-precision floats as they are now, with two or more axes
   */
  Weight weight();

  /**
   * Returns the axis of the output channels; of tables the axis of the rows.
   *
   * @return from 0
   */
  int channelAxis();

  /**
   * Tells whether rows are looked up in it, and nothing else.
   *
   * @return true for the tables of embeddings
   */
  boolean isTable();

  /**
   * Puts another tensor in its place.
   *
   * @param replacement a tensor of the same type and shape; its name does not matter
   * @throws IllegalArgumentException if type or shape differ
   * @throws GraphException if the model cannot hold other values in this place
   */
  void replace(Weight replacement);

  /**
   * Returns the name of the tensor.
   *
   * @return its name, by which options name it
   */
  default String name() {
    return weight().name();
  }
}

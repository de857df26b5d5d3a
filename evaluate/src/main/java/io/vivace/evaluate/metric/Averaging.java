package io.vivace.evaluate.metric;

/** How figures of single classes or rows become one. */
public enum Averaging {
  /** The figure of the positive class; needs two classes. */
  BINARY,
  /** The counts of all classes are added up first. */
  MICRO,
  /** The plain mean over classes. */
  MACRO,
  /** The mean over classes, weighted by how often each is true. */
  WEIGHTED,
  /** The mean over rows, each with its own set of labels; needs {@link MultiLabels}. */
  SAMPLES
}

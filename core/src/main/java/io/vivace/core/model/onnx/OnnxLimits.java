package io.vivace.core.model.onnx;

/**
 * How much an ONNX file may ask of the machine before it is refused. Immutable.
 *
 * <p>Raise a limit only for a file that you trust.
 */
public final class OnnxLimits {
  private static final OnnxLimits STANDARD = new OnnxLimits(8, 1L << 30, 2_000_000);

  /** Each level takes several Java stack frames, while a file is read and checked. */
  private static final int DEEPEST = 64;

  private final int subgraphDepth;
  private final long constantBytes;
  private final long parts;

  private OnnxLimits(int subgraphDepth, long constantBytes, long parts) {
    this.subgraphDepth = subgraphDepth;
    this.constantBytes = constantBytes;
    this.parts = parts;
  }

  /**
   * Returns the limits that are used where none are stated: 8 nested subgraphs, 1 GiB of constants
   * to be built, 2 million parts.
   *
   * @return the limits
   */
  public static OnnxLimits standard() {
    return STANDARD;
  }

  /**
   * Sets how deep graphs may lie in each other, calls of functions followed.
   *
   * <p>Default: 8. ONNX Runtime's time to load grows 1.8 times with each nested {@code If}: at 8
   * levels that is about a hundred times, at 16 twelve thousand times. Real models nest 1 to 3.
   *
   * @param levels 0 for no subgraph at all, to 64
   * @return a changed copy
   * @throws IllegalArgumentException if {@code levels} is out of this range
   */
  public OnnxLimits subgraphDepth(int levels) {
    if (levels < 0 || levels > DEEPEST) {
      throw new IllegalArgumentException("subgraphDepth must be 0 to 64, but was " + levels);
    }
    return new OnnxLimits(levels, constantBytes, parts);
  }

  /**
   * Sets how many bytes the constants may take that the file does not hold but tells the engine to
   * build, for example by {@code ConstantOfShape}; the sum over the model.
   *
   * <p>Default: 2^30, 1 GiB.
   *
   * @param bytes at least 0
   * @return a changed copy
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public OnnxLimits constantBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("constantBytes must be at least 0, but was " + bytes);
    }
    return new OnnxLimits(subgraphDepth, bytes, parts);
  }

  /**
   * Sets how many messages, names and other parts the skeleton may have, and how many nodes the
   * graph may have when all functions are written out. A part takes about 100 bytes of heap.
   *
   * <p>Default: 2 million, enough for about 150,000 nodes.
   *
   * @param count at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code count} is below 1
   */
  public OnnxLimits parts(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("parts must be at least 1, but was " + count);
    }
    return new OnnxLimits(subgraphDepth, constantBytes, count);
  }

  int subgraphDepth() {
    return subgraphDepth;
  }

  long constantBytes() {
    return constantBytes;
  }

  long parts() {
    return parts;
  }

  @Override
  public String toString() {
    return "OnnxLimits[subgraphDepth="
        + subgraphDepth
        + ", constantBytes="
        + constantBytes
        + ", parts="
        + parts
        + ']';
  }
}

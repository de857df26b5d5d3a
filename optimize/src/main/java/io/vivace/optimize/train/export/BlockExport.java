package io.vivace.optimize.train.export;

import ai.djl.nn.Block;
import java.nio.file.Path;

/** Writes a DJL block as an ONNX file. */
public final class BlockExport {
  private BlockExport() {}

  public static void write(Block block, Path target) {
    throw new IllegalArgumentException("not there yet: " + block + target);
  }
}

package io.vivace.optimize.prune;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** Floats of which some are 0, set while they are read. */
final class MaskedContent implements OnnxContent {
  private final OnnxContent floats;
  private final BitSet kept;

  MaskedContent(OnnxContent floats, BitSet kept) {
    this.floats = floats;
    this.kept = kept;
  }

  @Override
  public long length() {
    return floats.length();
  }

  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    int start = target.position();
    floats.read(from, target);
    long end = from + target.position() - start;
    int last = (int) ((end + Float.BYTES - 1) / Float.BYTES);
    for (int i = kept.nextClearBit((int) (from / Float.BYTES));
        i < last;
        i = kept.nextClearBit(i + 1)) {
      for (long at = (long) i * Float.BYTES; at < (i + 1L) * Float.BYTES; at++) {
        if (at >= from && at < end) {
          target.put((int) (start + at - from), (byte) 0);
        }
      }
    }
  }
}

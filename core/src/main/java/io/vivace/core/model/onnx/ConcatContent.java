package io.vivace.core.model.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Contents one after the other. */
final class ConcatContent implements OnnxContent {
  private final OnnxContent[] parts;

  /** Where each part starts, and where the last one ends. */
  private final long[] starts;

  private ConcatContent(List<OnnxContent> parts) {
    this.parts = parts.toArray(OnnxContent[]::new);
    this.starts = new long[this.parts.length + 1];
    for (int i = 0; i < this.parts.length; i++) {
      starts[i + 1] = Math.addExact(starts[i], this.parts[i].length());
    }
  }

  static OnnxContent of(List<? extends OnnxContent> parts) {
    List<OnnxContent> flat = new ArrayList<>(parts.size());
    for (OnnxContent part : parts) {
      if (part instanceof ConcatContent concat) {
        flat.addAll(Arrays.asList(concat.parts));
      } else if (part.length() > 0) {
        flat.add(part);
      }
    }
    return flat.size() == 1 ? flat.get(0) : new ConcatContent(flat);
  }

  @Override
  public long length() {
    return starts[parts.length];
  }

  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    int limit = target.limit();
    long at = from;
    int part = target.hasRemaining() ? partAt(from) : 0;
    while (target.hasRemaining()) {
      long wanted = Math.min(starts[part + 1] - at, target.remaining());
      target.limit(target.position() + (int) wanted);
      parts[part].read(at - starts[part], target);
      target.limit(limit);
      at += wanted;
      part++;
    }
  }

  private int partAt(long position) {
    if (position < 0 || position >= length()) {
      throw new IllegalArgumentException(
          "wanted is byte %d of a content of %d bytes".formatted(position, length()));
    }
    int found = Arrays.binarySearch(starts, position);
    return found >= 0 ? found : -found - 2;
  }
}

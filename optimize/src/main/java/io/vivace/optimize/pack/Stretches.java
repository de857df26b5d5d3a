package io.vivace.optimize.pack;

import io.vivace.core.model.coding.ContextCoding;
import io.vivace.core.model.coding.Stretch;
import io.vivace.core.model.coding.Stretch.Kind;
import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.onnx.OnnxModel;
import io.vivace.core.model.onnx.OnnxPayload;
import io.vivace.core.model.onnx.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds out what the bytes of a small model are, by coding each of its tensors in all ways. */
final class Stretches {
  /** Smaller tensors are text among text. */
  private static final int OWN = 256;

  private static final int NARROWEST = 4;
  private static final int WIDEST = 1 << 12;
  private static final int MOST_PLACES = 1 << 22;

  private final byte[] file;
  private final Set<Integer> widths;
  private final List<Stretch> found = new ArrayList<>();
  private int at;
  private int places;

  private Stretches(byte[] file, Set<Integer> widths) {
    this.file = file;
    this.widths = widths;
  }

  /**
   * @param model a model whose tensors are all in its file
   * @param file its bytes
   */
  static List<Stretch> of(OnnxModel model, byte[] file) {
    List<OnnxTensor> tensors =
        model.graph().initializers().stream()
            .filter(tensor -> tensor.payload() instanceof OnnxPayload.Raw)
            .filter(tensor -> bytes(tensor).length() > 0)
            .sorted(Comparator.comparingLong(tensor -> bytes(tensor).offset()))
            .toList();
    Set<Integer> widths = new TreeSet<>();
    for (OnnxTensor tensor : tensors) {
      if (tensor.type() == OnnxElementType.INT64 && bytes(tensor).length() <= 64) {
        addWidths(widths, slice(file, bytes(tensor)));
      }
    }
    Stretches stretches = new Stretches(file, widths);
    for (OnnxTensor tensor : tensors) {
      if (bytes(tensor).length() >= OWN) {
        stretches.add(tensor);
      }
    }
    stretches.text(file.length);
    return stretches.found;
  }

  private static ByteRange bytes(OnnxTensor tensor) {
    return ((OnnxPayload.Raw) tensor.payload()).bytes();
  }

  private static byte[] slice(byte[] file, ByteRange range) {
    return Arrays.copyOfRange(file, (int) range.offset(), (int) range.end());
  }

  /** The shapes that decoded tensors get stand in the file: a row has a product of last sizes. */
  private static void addWidths(Set<Integer> widths, byte[] sizes) {
    ByteBuffer values = ByteBuffer.wrap(sizes).order(ByteOrder.LITTLE_ENDIAN);
    long product = 1;
    for (int i = sizes.length / Long.BYTES - 1; i >= 0; i--) {
      long size = values.getLong(i * Long.BYTES);
      product = size < 1 || size > WIDEST ? Long.MAX_VALUE : Math.multiplyExact(product, size);
      if (product > WIDEST) {
        return;
      }
      if (product >= NARROWEST) {
        widths.add((int) product);
      }
    }
  }

  private void text(int end) {
    if (end > at) {
      found.add(new Stretch(Kind.TEXT, end - at, 1));
    }
    at = end;
  }

  private void add(OnnxTensor tensor) {
    byte[] bytes = slice(file, bytes(tensor));
    List<Stretch> ways = new ArrayList<>();
    ways.add(new Stretch(Kind.OWN, bytes.length, 1));
    if (tensor.type() == OnnxElementType.UINT8) {
      for (int width : widths) {
        if (bytes.length * Byte.SIZE <= MOST_PLACES - places) {
          ways.add(new Stretch(Kind.MASK, bytes.length, width));
        }
        if (sum(bytes) <= MOST_PLACES - places) {
          ways.add(new Stretch(Kind.GAPS, bytes.length, width));
        }
      }
    }
    text((int) bytes(tensor).offset());
    Stretch best = best(bytes, ways);
    places +=
        switch (best.kind()) {
          case TEXT, OWN -> 0;
          case MASK -> bytes.length * Byte.SIZE;
          case GAPS -> sum(bytes);
        };
    found.add(best);
    at += bytes.length;
  }

  private static Stretch best(byte[] bytes, List<Stretch> ways) {
    if (ways.size() == 1) {
      return ways.get(0);
    }
    int[] lengths =
        ways.stream()
            .parallel()
            .mapToInt(way -> ContextCoding.encode(bytes, List.of(way)).length)
            .toArray();
    int best = 0;
    for (int i = 1; i < lengths.length; i++) {
      best = lengths[i] < lengths[best] ? i : best;
    }
    return ways.get(best);
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte each : bytes) {
      sum += each & 0xFF;
    }
    return sum + bytes.length;
  }
}

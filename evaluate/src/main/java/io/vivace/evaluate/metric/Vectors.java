package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Vectors of one length that a state keeps. */
final class Vectors {
  final List<float[]> rows = new ArrayList<>();

  void checkLength(String name, int length) {
    Rows.check(
        rows.isEmpty() || rows.get(0).length == length,
        "vectors of %s must have %d elements as those before, but had %d",
        name,
        rows.isEmpty() ? 0 : rows.get(0).length,
        length);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(rows.size());
    out.writeInt(rows.isEmpty() ? 0 : rows.get(0).length);
    for (float[] row : rows) {
      for (float element : row) {
        out.writeFloat(element);
      }
    }
  }

  void read(DataInputStream in) throws IOException {
    rows.clear();
    int count = in.readInt();
    int length = in.readInt();
    Rows.check(
        count >= 0 && length >= 0 && (count == 0 || length > 0),
        "a stored state has %d vectors of %d elements",
        count,
        length);
    if ((long) count * length > in.available() / Float.BYTES) {
      throw new EOFException();
    }
    for (int i = 0; i < count; i++) {
      float[] row = new float[length];
      for (int j = 0; j < length; j++) {
        row[j] = in.readFloat();
      }
      rows.add(row);
    }
  }
}

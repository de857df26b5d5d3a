package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** A list of doubles that grows. */
final class Numbers {
  private double[] values = new double[16];
  private int size;

  void add(double value) {
    room(1);
    values[size++] = value;
  }

  void addAll(Numbers other) {
    addAll(other.values, other.size);
  }

  void addAll(double[] others, int count) {
    room(count);
    System.arraycopy(others, 0, values, size, count);
    size += count;
  }

  private void room(int more) {
    int wanted = Math.addExact(size, more);
    if (wanted > values.length) {
      long doubled = Math.min(2L * values.length, Integer.MAX_VALUE - 8);
      values = Arrays.copyOf(values, (int) Math.max(doubled, wanted));
    }
  }

  int size() {
    return size;
  }

  double get(int index) {
    return values[index];
  }

  double[] toArray() {
    return Arrays.copyOf(values, size);
  }

  void clear() {
    size = 0;
  }

  void write(DataOutputStream out) throws IOException {
    Stored.writeDoubles(out, values, size);
  }

  void read(DataInputStream in) throws IOException {
    double[] stored = Stored.readDoubles(in);
    values = stored.length == 0 ? new double[16] : stored;
    size = stored.length;
  }
}

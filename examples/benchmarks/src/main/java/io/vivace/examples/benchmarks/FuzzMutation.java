package io.vivace.examples.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Damages an ONNX file where it hurts: its skeleton of nested messages, whose lengths and numbers
 * are found first. The same seed gives the same damage.
 */
final class FuzzMutation {
  /** Messages that hold messages, by the path of field numbers from the model on. */
  private static final Set<String> NESTED =
      Set.of("/7", "/7/1", "/7/1/5", "/7/1/5/5", "/7/5", "/7/11", "/7/12", "/7/13", "/8");

  private static final String TYPES = "/7/1[123]/2(/1(/2(/1)?)?)?";

  /** A field as a whole, and where its number or the length of its content stands. */
  private record Field(int begin, int number, int content, int end) {}

  private final byte[] original;
  private final List<Field> numbers = new ArrayList<>();
  private final List<Field> messages = new ArrayList<>();

  FuzzMutation(byte[] original) {
    this.original = original;
    scan(0, original.length, "");
  }

  private void scan(int from, int to, String path) {
    int at = from;
    while (at < to) {
      int begin = at;
      long key = varint(at);
      at = after(at);
      int wire = (int) (key & 7);
      String here = path + "/" + (key >>> 3);
      if (wire == 0) {
        numbers.add(new Field(begin, at, at, after(at)));
        at = after(at);
      } else if (wire == 2) {
        int content = after(at);
        int end = content + (int) varint(at);
        messages.add(new Field(begin, at, content, end));
        if (NESTED.contains(here) || here.matches(TYPES)) {
          scan(content, end, here);
        }
        at = end;
      } else {
        at += wire == 1 ? Long.BYTES : Integer.BYTES;
      }
    }
  }

  private long varint(int at) {
    long value = 0;
    for (int i = 0; ; i++) {
      value |= (long) (original[at + i] & 0x7F) << (7 * i);
      if (original[at + i] >= 0) {
        return value;
      }
    }
  }

  private int after(int at) {
    int next = at;
    while (original[next] < 0) {
      next++;
    }
    return next + 1;
  }

  byte[] apply(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(original, random.nextInt(original.length));
      case 1 -> flipped(random);
      case 2 -> renumbered(pick(messages, random), random);
      case 3 -> renumbered(pick(numbers, random), random);
      case 4 -> swapped(pick(messages, random), pick(messages, random));
      default -> moved(random);
    };
  }

  private static Field pick(List<Field> fields, SplittableRandom random) {
    return fields.get(random.nextInt(fields.size()));
  }

  /** One to four bits, in the first bytes of messages. */
  private byte[] flipped(SplittableRandom random) {
    byte[] bytes = original.clone();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      Field field = pick(messages, random);
      int reach = Math.min(64, field.end() - field.begin());
      bytes[field.begin() + random.nextInt(reach)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return bytes;
  }

  /** Another number in as many bytes: the largest, the smallest, one more or less, or any. */
  private byte[] renumbered(Field field, SplittableRandom random) {
    byte[] bytes = original.clone();
    long old = varint(field.number());
    long value =
        switch (random.nextInt(5)) {
          case 0 -> Long.MAX_VALUE;
          case 1 -> 0;
          case 2 -> old + 1;
          case 3 -> old - 1;
          default -> random.nextLong(Integer.MAX_VALUE);
        };
    int last = after(field.number()) - 1;
    for (int i = field.number(); i <= last; i++) {
      bytes[i] = (byte) ((value & 0x7F) | (i < last ? 0x80 : 0));
      value >>>= 7;
    }
    return bytes;
  }

  /** Two fields in each other's place; if one is inside the other, the inner one twice. */
  private byte[] swapped(Field one, Field other) {
    Field first = one.begin() <= other.begin() ? one : other;
    Field second = first.equals(one) ? other : one;
    if (second.begin() < first.end()) {
      return spliced(first.begin(), first.begin(), second.begin(), second.end());
    }
    byte[] bytes = new byte[original.length];
    int at = copy(bytes, 0, 0, first.begin());
    at = copy(bytes, at, second.begin(), second.end());
    at = copy(bytes, at, first.end(), second.begin());
    at = copy(bytes, at, first.begin(), first.end());
    copy(bytes, at, second.end(), original.length);
    return bytes;
  }

  /** The content of a message in the place of another's, whose length stays as it was. */
  private byte[] moved(SplittableRandom random) {
    Field from = pick(messages, random);
    Field to = pick(messages, random);
    byte[] bytes = original.clone();
    int length = Math.min(from.end() - from.content(), to.end() - to.content());
    System.arraycopy(original, from.content(), bytes, to.content(), length);
    return bytes;
  }

  /** What lies between two places, replaced by a copy of another range. */
  private byte[] spliced(int from, int to, int begin, int end) {
    byte[] bytes = new byte[original.length - (to - from) + end - begin];
    int at = copy(bytes, 0, 0, from);
    at = copy(bytes, at, begin, end);
    copy(bytes, at, to, original.length);
    return bytes;
  }

  private int copy(byte[] target, int at, int from, int to) {
    System.arraycopy(original, from, target, at, to - from);
    return at + to - from;
  }
}

package io.vivace.core.model.onnx;

import java.util.List;

/**
 * The values of a repeated field, left in the file. {@link OnnxData} reads them.
 *
 * @param kind how each value is written
 * @param count number of values
 * @param fields where the field lies, tags included; ranges that touch are one
 */
public record FieldValues(Kind kind, long count, List<ByteRange> fields) {
  /** How each value is written. */
  public enum Kind {
    /** An integer of one to ten bytes. */
    VARINT(WireMessage.VARINT, 0),
    /** Four bytes. */
    FIXED32(WireMessage.FIXED32, Integer.BYTES),
    /** Eight bytes. */
    FIXED64(WireMessage.FIXED64, Long.BYTES),
    /** A length and so many bytes. */
    BYTES(WireMessage.BYTES, 0);

    private final int wireType;
    private final int size;

    Kind(int wireType, int size) {
      this.wireType = wireType;
      this.size = size;
    }

    int wireType() {
      return wireType;
    }

    long read(WireCursor cursor) {
      return this == VARINT ? cursor.varint() : cursor.fixed(size);
    }

    private long countPacked(WireCursor packed) {
      if (this == VARINT) {
        long count = 0;
        for (; !packed.atEnd(); count++) {
          packed.varint();
        }
        return count;
      }
      long bytes = packed.range().length();
      if (bytes % size != 0) {
        throw packed.broken("has %d bytes, which is no multiple of %d".formatted(bytes, size));
      }
      return bytes / size;
    }
  }

  /**
   * Copies the list.
   *
   * @param kind how each value is written
   * @param count number of values
   * @param fields where the field lies
   */
  public FieldValues {
    fields = List.copyOf(fields);
  }

  /** Gathers the occurrences of one field while its message is walked over. */
  static final class Collector {
    private final Kind kind;
    private final List<ByteRange> fields = new java.util.ArrayList<>(1);
    private long count;

    Collector(Kind kind) {
      this.kind = kind;
    }

    void add(WireMessage message) {
      if (message.wireType() == WireMessage.BYTES && kind != Kind.BYTES) {
        count += kind.countPacked(message.packed());
      } else {
        message.expect(kind.wireType());
        count++;
      }
      message.keep(fields);
    }

    FieldValues values() {
      return new FieldValues(kind, count, fields);
    }
  }

  /** Steps through numbers, packed or not. */
  static final class Numbers {
    private final WireFile file;
    private final FieldValues values;
    private int part;
    private WireMessage message;
    private WireCursor packed;

    Numbers(WireFile file, FieldValues values) {
      this.file = file;
      this.values = values;
      this.message = new WireMessage(file, "repeated field", new ByteRange(0, 0));
      this.packed = new WireCursor(file, "repeated field", new ByteRange(0, 0));
    }

    /** The next value's bits; there must be one. */
    long next() {
      while (packed.atEnd()) {
        if (!message.next()) {
          message = new WireMessage(file, "repeated field", values.fields.get(part++));
        } else if (message.wireType() == values.kind.wireType) {
          return message.bits();
        } else {
          packed = message.packed();
        }
      }
      return values.kind.read(packed);
    }
  }
}

package io.vivace.core.model;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Tells an ONNX file by the outermost fields of its {@code ModelProto}: a plausible IR version and
 * a graph. Payloads are skipped, so that the time does not grow with the file.
 */
final class OnnxHeader {
  /** Numbers and types of the fields as onnx.proto3 (onnx 1.20) has them. */
  private static final long IR_VERSION = 1;

  private static final long GRAPH = 7;
  private static final Set<Long> NUMBERS = Set.of(IR_VERSION, 5L);
  private static final Set<Long> MESSAGES = Set.of(2L, 3L, 4L, 6L, GRAPH, 8L, 14L, 20L, 25L, 26L);

  /** Far above the newest version (13 in 2025), far below what other files have here. */
  private static final long HIGHEST_IR_VERSION = 1_000;

  /** Wire types of protobuf. */
  private static final long VARINT = 0;

  private static final long LENGTH_DELIMITED = 2;
  private static final int MOST_FIELDS = 10_000;

  private OnnxHeader() {}

  /** A file that is cut off within its graph is still one: the validator says what is missing. */
  static boolean isIn(Path file) throws IOException {
    // Not a FileInputStream: that one skips past the end without a word.
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return isOnnx(in);
    } catch (EOFException e) {
      return false;
    }
  }

  private static boolean isOnnx(InputStream in) throws IOException {
    boolean version = false;
    boolean graph = false;
    for (int i = 0; i < MOST_FIELDS && !(version && graph); i++) {
      long tag = varint(in);
      long field = tag >>> 3;
      long type = tag & 7;
      long value = varint(in);
      if (NUMBERS.contains(field) && type == VARINT) {
        if (field == IR_VERSION && (value < 1 || value > HIGHEST_IR_VERSION)) {
          return false;
        }
        version |= field == IR_VERSION;
      } else if (MESSAGES.contains(field) && type == LENGTH_DELIMITED && value >= 0) {
        graph |= field == GRAPH;
        if (!(version && graph)) {
          in.skipNBytes(value);
        }
      } else {
        return false;
      }
    }
    return version && graph;
  }

  /** Both types of field begin with such a number: the value, or the length. */
  private static long varint(InputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    return -1; // Too long: neither a field, nor a version, nor a length.
  }
}

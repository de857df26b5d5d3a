package io.vivace.core.model;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
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
  private static final int IR_VERSION = 1;

  private static final int GRAPH = 7;
  private static final Set<Integer> NUMBERS = Set.of(IR_VERSION, 5);
  private static final Set<Integer> MESSAGES = Set.of(2, 3, 4, 6, GRAPH, 8, 14, 20, 25, 26);

  /** Far above the newest version (13 in 2025), far below what other files have here. */
  private static final long HIGHEST_IR_VERSION = 1_000;

  private static final int MOST_FIELDS = 10_000;

  private OnnxHeader() {}

  /** A file that is cut off within its graph is still one: the validator says what is missing. */
  static boolean isIn(Path file) throws IOException {
    // Not a FileInputStream: that one skips past the end without a word.
    try (InputStream stream = Files.newInputStream(file)) {
      return isOnnx(CodedInputStream.newInstance(stream));
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static boolean isOnnx(CodedInputStream in) throws IOException {
    boolean version = false;
    boolean graph = false;
    for (int i = 0; i < MOST_FIELDS && !(version && graph); i++) {
      int tag = in.readTag();
      int field = WireFormat.getTagFieldNumber(tag);
      int type = WireFormat.getTagWireType(tag);
      if (NUMBERS.contains(field) && type == WireFormat.WIRETYPE_VARINT) {
        long number = in.readRawVarint64();
        if (field == IR_VERSION && (number < 1 || number > HIGHEST_IR_VERSION)) {
          return false;
        }
        version |= field == IR_VERSION;
      } else if (MESSAGES.contains(field) && type == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        graph |= field == GRAPH;
        if (!(version && graph)) {
          in.skipField(tag);
        }
      } else {
        return false;
      }
    }
    return version && graph;
  }
}

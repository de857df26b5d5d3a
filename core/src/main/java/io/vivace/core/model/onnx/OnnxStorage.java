package io.vivace.core.model.onnx;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The open files of a model: its own, and those that hold external data. Gives what a skeleton
 * leaves there as contents, which are good until this is closed. The files must not change
 * meanwhile. Thread-safe.
 */
public final class OnnxStorage implements AutoCloseable {
  private final Refusal refusal;
  private final OnnxModel model;
  private final ExternalFiles externalFiles;
  private final Map<Path, FileChannel> channels = new HashMap<>();
  private boolean closed;

  private OnnxStorage(OnnxModel model) {
    this.refusal = new Refusal(model.name());
    this.model = model;
    this.externalFiles = new ExternalFiles(refusal, model.path());
  }

  /**
   * Opens the file of a model; external data is opened when it is asked for.
   *
   * @param model the skeleton
   * @return the open files
   * @throws ModelLoadException if the file cannot be opened
   */
  public static OnnxStorage open(OnnxModel model) {
    OnnxStorage storage = new OnnxStorage(model);
    storage.channel(model.path());
    return storage;
  }

  /**
   * Returns a stretch of the model's own file.
   *
   * @param range where
   * @return the content
   */
  public OnnxContent bytes(ByteRange range) {
    return new FileContent(channel(model.path()), range);
  }

  /**
   * Returns some fields of a message as they are, for whoever writes the message again with other
   * fields changed.
   *
   * @param message the content of the message in the model's own file
   * @param wanted takes the number of a field
   * @return the wanted fields, in the file's order, with their tags
   * @throws ModelLoadException if the message is damaged
   */
  public OnnxContent fields(ByteRange message, IntPredicate wanted) {
    List<ByteRange> found = new ArrayList<>();
    try (WireFile file = WireFile.open(model.name(), model.path(), Long.MAX_VALUE)) {
      WireMessage fields = new WireMessage(file, "message", message);
      while (fields.next()) {
        if (wanted.test(fields.field())) {
          ByteRange.append(found, fields.fieldRange());
        }
      }
    }
    return OnnxContent.concat(found.stream().map(this::bytes).toList());
  }

  /**
   * Returns the elements of a tensor as they lie in memory: little-endian, types of less than eight
   * bits packed, wherever and in whatever form the model keeps them. Numbers that are stored one by
   * one with varying length are decoded into memory now; all else stays where it is.
   *
   * @param tensor a tensor of the model, validated
   * @return the content, as long as type and shape say
   * @throws ModelLoadException if the elements cannot be had: the external file is missing or lies
   *     outside the model's folder, or the payload is shorter than the shape asks for
   * @throws IllegalArgumentException if the elements are text
   */
  public OnnxContent elements(OnnxTensor tensor) {
    if (tensor.type() == OnnxElementType.STRING) {
      throw new IllegalArgumentException(
          "tensor %s holds text, which has no fixed size".formatted(Refusal.quote(tensor.name())));
    }
    long length = tensor.type().bytes(tensor.shape().elements());
    OnnxContent content = payload(tensor, length);
    if (content.length() != length) {
      throw refusal.because(
          "has the tensor %s of %d bytes, but its payload has %d"
              .formatted(Refusal.quote(tensor.name()), length, content.length()));
    }
    return content;
  }

  private OnnxContent payload(OnnxTensor tensor, long length) {
    OnnxPayload payload = tensor.payload();
    if (payload instanceof OnnxPayload.Raw raw) {
      return bytes(raw.bytes());
    }
    if (payload instanceof OnnxPayload.External external) {
      externalFiles.check(tensor, external, length);
      FileChannel channel = channel(externalFiles.file(tensor, external.location()));
      return new FileContent(channel, new ByteRange(external.offset(), length));
    }
    FieldValues values = ((OnnxPayload.Typed) payload).values();
    if (values.count() == 0) {
      return OnnxContent.of(new byte[0]);
    }
    try (WireFile file = WireFile.open(model.name(), model.path(), Long.MAX_VALUE)) {
      List<OnnxContent> packed = new ArrayList<>();
      return allPacked(file, values, packed)
          ? OnnxContent.concat(packed)
          : decoded(file, values, (int) (length / values.count()));
    }
  }

  /** Numbers of fixed size lie in a packed field as they lie in memory. */
  private boolean allPacked(WireFile file, FieldValues values, List<OnnxContent> packed) {
    if (values.kind() == FieldValues.Kind.VARINT) {
      return false;
    }
    for (ByteRange range : values.fields()) {
      WireMessage message = new WireMessage(file, "repeated field", range);
      while (message.next()) {
        if (message.wireType() != WireMessage.BYTES) {
          return false;
        }
        packed.add(bytes(message.bytes()));
      }
    }
    return true;
  }

  private OnnxContent decoded(WireFile file, FieldValues values, int size) {
    long length = values.count() * size;
    if (length > Integer.MAX_VALUE - 8) {
      throw refusal.because(
          "has %d numbers stored one by one, allowed are 2^31 bytes of them; store them as raw_data"
              .formatted(values.count()));
    }
    FieldValues.Numbers numbers = new FieldValues.Numbers(file, values);
    ByteBuffer result = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < values.count(); i++) {
      long number = numbers.next();
      switch (size) {
        case Long.BYTES -> result.putLong(number);
        case Integer.BYTES -> result.putInt((int) number);
        case Short.BYTES -> result.putShort((short) number);
        default -> result.put((byte) number);
      }
    }
    return OnnxContent.of(result.array());
  }

  private synchronized FileChannel channel(Path path) {
    if (closed) {
      throw new IllegalStateException("the storage of model " + model.name() + " is closed");
    }
    FileChannel channel = channels.get(path);
    if (channel == null) {
      try {
        channel = FileChannel.open(path, StandardOpenOption.READ);
      } catch (IOException e) {
        throw refusal.unreadable(e);
      }
      channels.put(path, channel);
    }
    return channel;
  }

  /** Closes all files. May be called twice. */
  @Override
  public synchronized void close() {
    closed = true;
    IOException failure = null;
    for (FileChannel channel : channels.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    channels.clear();
    if (failure != null) {
      throw refusal.unreadable(failure);
    }
  }
}

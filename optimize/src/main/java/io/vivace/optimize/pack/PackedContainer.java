package io.vivace.optimize.pack;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.coding.ContextCoding;
import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.core.model.onnx.OnnxModel;
import io.vivace.core.model.onnx.OnnxPayload;
import io.vivace.core.model.onnx.OnnxTensor;
import io.vivace.core.model.onnx.OnnxValidator;
import io.vivace.optimize.graph.GraphException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Writes a model file as an entropy-coded container, which Vivace's model sources inflate to the
 * same file, byte for byte, in a temporary folder. For storing and sending: 0.6 to 0.8 times a
 * packed file. Engines alone do not open it.
 *
 * <p>A file of at most 256 KiB is coded as a whole by {@link ContextCoding}, which takes a second
 * or two and makes a sparse model a tenth smaller than codes of single bytes would.
 *
 * <pre>{@code
 * PackedContainer.write(ModelSource.path(Path.of("small.onnx")), Path.of("small.vvp"));
 * Predictor.builder().model(ModelSource.path(Path.of("small.vvp")))...
 * }</pre>
 */
public final class PackedContainer {
  private static final byte[] MAGIC = "\u0089VVP\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
  private static final int VERSION = 1;
  private static final int FIXED = 28;
  private static final int PER_SECTION = 9;
  private static final int LARGEST_SECTION = 1 << 20;

  /** Tensors from this size on get sections, and so frequencies, of their own. */
  private static final int OWN_SECTION = 1 << 10;

  /** What the reader allows, with a margin. */
  private static final long MOST_RATIO = 190;

  private static final long RATIO_FROM = 64L << 20;

  private PackedContainer() {}

  /**
   * Writes a container, whole or not at all.
   *
   * @param model an ONNX model without external data
   * @param target the file; replaced if it exists
   * @throws GraphException if the model has external data or is of another format
   * @throws io.vivace.core.ModelLoadException if the model cannot be read or is refused by the
   *     validator
   * @throws UncheckedIOException if the file cannot be written
   */
  public static void write(ModelSource model, Path target) {
    try (ModelArtifact artifact = model.resolve()) {
      if (artifact.format() != ModelFormat.ONNX) {
        throw new GraphException(
            "model %s is of format %s, packed can be ONNX only"
                .formatted(artifact.name(), artifact.format()));
      }
      OnnxFileWriter.standard()
          .write(target, content(artifact.path(), OnnxValidator.validate(artifact.path())));
    } catch (IOException e) {
      throw new UncheckedIOException("model from " + model + " cannot be read: " + e, e);
    }
  }

  /** Cuts the file: what lies between tensors goes together, and tensors into sections. */
  private static List<ByteRange> ranges(OnnxModel model) {
    List<ByteRange> cut = new ArrayList<>();
    long at = 0;
    List<ByteRange> tensors = new ArrayList<>();
    for (OnnxTensor tensor : model.graph().initializers()) {
      if (tensor.payload() instanceof OnnxPayload.External) {
        throw new GraphException(
            "tensor \"%s\" of model %s is in another file; a container takes models of one file"
                .formatted(tensor.name(), model.name()));
      }
      if (tensor.payload() instanceof OnnxPayload.Raw raw && raw.bytes().length() >= OWN_SECTION) {
        tensors.add(raw.bytes());
      }
    }
    tensors.sort((a, b) -> Long.compare(a.offset(), b.offset()));
    for (ByteRange tensor : tensors) {
      add(cut, at, tensor.offset());
      add(cut, tensor.offset(), tensor.end());
      at = tensor.end();
    }
    add(cut, at, model.bytes().end());
    return cut;
  }

  private static void add(List<ByteRange> cut, long from, long to) {
    for (long at = from; at < to; at += LARGEST_SECTION) {
      cut.add(new ByteRange(at, Math.min(LARGEST_SECTION, to - at)));
    }
  }

  private static OnnxContent content(Path file, OnnxModel model) throws IOException {
    List<ByteRange> ranges = ranges(model);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      List<Section> sections =
          IntStream.range(0, ranges.size())
              .parallel()
              .mapToObj(i -> Section.of(read(in, ranges.get(i))))
              .toList();
      long length = Files.size(file);
      long coded = sections.stream().mapToLong(section -> section.coded().length).sum();
      if (length > Math.max(RATIO_FROM, MOST_RATIO * coded)) {
        // Few models hold nothing at all; the reader would take the container for a bomb.
        sections = ranges.stream().map(range -> Section.stored(read(in, range))).toList();
      } else if (length <= ContextCoding.MOST_BYTES) {
        sections = smaller(sections, read(in, new ByteRange(0, length)), model);
      }
      List<OnnxContent> parts = new ArrayList<>();
      parts.add(OnnxContent.of(header(sections, length, crc(in))));
      sections.forEach(section -> parts.add(OnnxContent.of(section.coded())));
      return OnnxContent.concat(parts);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<Section> smaller(List<Section> sections, byte[] file, OnnxModel model) {
    Section one = Section.ofContexts(file, Stretches.of(model, file));
    int coded = sections.stream().mapToInt(each -> PER_SECTION + each.coded().length).sum();
    return PER_SECTION + one.coded().length < coded ? List.of(one) : sections;
  }

  private static byte[] header(List<Section> sections, long length, int check) {
    int size = FIXED + sections.size() * PER_SECTION;
    byte[] bytes = new byte[size + Integer.BYTES];
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC);
    header.putInt(VERSION).putInt(sections.size()).putLong(length).putInt(check);
    for (Section section : sections) {
      header.put((byte) section.method()).putInt(section.plainLength());
      header.putInt(section.coded().length);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, size);
    header.putInt((int) crc.getValue());
    return bytes;
  }

  private static int crc(FileChannel in) throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < in.size(); at += LARGEST_SECTION) {
      crc.update(read(in, new ByteRange(at, Math.min(LARGEST_SECTION, in.size() - at))));
    }
    return (int) crc.getValue();
  }

  private static byte[] read(FileChannel in, ByteRange range) {
    byte[] all = new byte[(int) range.length()];
    ByteBuffer bytes = ByteBuffer.wrap(all);
    try {
      while (bytes.hasRemaining()) {
        if (in.read(bytes, range.offset() + bytes.position()) < 0) {
          throw new IOException("the file became shorter while it was read");
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.vivace.core.model.torch;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxFileWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A TorchScript archive, opened without an engine. The file is untrusted: names, places, sizes and
 * checksums are checked, and its pickle is read by a reader that calls nothing. Immutable,
 * thread-safe; its contents are good until it is closed.
 *
 * <p>Only the archive's outside is read, not the code in it: whether an engine takes the model
 * shows when it is loaded.
 */
public final class TorchArchive implements AutoCloseable {
  private static final long LARGEST_PICKLE = 8L << 20;

  private final String name;
  private final FileChannel channel;
  private final Map<String, ArchiveEntry> entries;
  private final String folder;
  private final List<TorchTensor> tensors;
  private final Map<String, TorchStorage> storages;

  private TorchArchive(ModelArtifact artifact, FileChannel channel) throws IOException {
    this.name = artifact.name();
    this.channel = channel;
    this.entries = ArchiveReader.read(name, artifact.path(), channel);
    this.folder = folder();
    requireLittleEndian();
    PickleReader.Result result = PickleReader.read(name, bytes(entry("data.pkl"), LARGEST_PICKLE));
    this.storages = requireStorages(result.storages());
    this.tensors = TensorNames.of(name, result.value());
  }

  /**
   * Opens an archive, and reads all tensors through once to check them.
   *
   * @param artifact a model of format {@link ModelFormat#TORCHSCRIPT}; left to the caller to close
   * @return the archive; to be closed
   * @throws ModelLoadException if it is of another format, damaged, or has what TorchScript does
   *     not write, as compressed weights, quantized tensors, or names of foreign functions
   */
  public static TorchArchive open(ModelArtifact artifact) {
    if (artifact.format() != ModelFormat.TORCHSCRIPT) {
      throw new ModelLoadException(
          "model %s is of format %s, wanted is TorchScript".formatted(artifact, artifact.format()));
    }
    FileChannel channel = null;
    TorchArchive archive = null;
    try {
      channel = FileChannel.open(artifact.path(), StandardOpenOption.READ);
      archive = new TorchArchive(artifact, channel);
      return archive;
    } catch (IOException e) {
      throw new ModelLoadException("model " + artifact + " cannot be read: " + e, e);
    } finally {
      if (archive == null) {
        close(channel);
      }
    }
  }

  /** The one folder that holds everything. */
  private String folder() {
    String folder = null;
    for (String entry : entries.keySet()) {
      if (entry.endsWith("/data.pkl") && entry.indexOf('/') == entry.lastIndexOf('/')) {
        if (folder != null) {
          throw damaged("has two of data.pkl, in %s and %s".formatted(folder, entry));
        }
        folder = entry.substring(0, entry.indexOf('/') + 1);
      }
    }
    if (folder == null) {
      throw damaged("has no data.pkl");
    }
    return folder;
  }

  private void requireLittleEndian() throws IOException {
    ArchiveEntry order = entries.get(folder + "byteorder");
    if (order != null
        && !new String(bytes(order, 16), StandardCharsets.US_ASCII).equals("little")) {
      throw damaged("was written on a big-endian machine");
    }
  }

  private ArchiveEntry entry(String path) {
    ArchiveEntry entry = entries.get(folder + path);
    if (entry == null) {
      throw damaged("has no " + path);
    }
    if (entry.isPacked()) {
      throw damaged("has compressed data in " + path + ", where PyTorch stores it plainly");
    }
    return entry;
  }

  private byte[] bytes(ArchiveEntry entry, long most) throws IOException {
    if (entry.isPacked() || entry.plainLength() > most) {
      throw damaged(
          "has %,d bytes in %s, allowed are %,d that are not compressed"
              .formatted(entry.plainLength(), entry.name(), most));
    }
    OnnxContent content = content(entry);
    requireSum(entry, content);
    return content.bytes();
  }

  private Map<String, TorchStorage> requireStorages(List<TorchStorage> found) throws IOException {
    Map<String, TorchStorage> known = new HashMap<>();
    for (TorchStorage storage : found) {
      TorchStorage before = known.put(storage.key(), storage);
      if (before != null && before.equals(storage)) {
        continue;
      }
      ArchiveEntry entry = entry("data/" + storage.key());
      if (before != null || entry.plainLength() != storage.bytes()) {
        throw damaged(
            "states %,d bytes for storage %s, which has %,d"
                .formatted(storage.bytes(), storage.key(), entry.plainLength()));
      }
      requireSum(entry, content(entry));
    }
    return known;
  }

  private void requireSum(ArchiveEntry entry, OnnxContent content) throws IOException {
    if (ArchiveWriter.crc(content) != entry.crc()) {
      throw damaged("has other bytes in %s than their checksum says".formatted(entry.name()));
    }
  }

  private OnnxContent content(ArchiveEntry entry) {
    return OnnxContent.of(channel, entry.bytes());
  }

  private ModelLoadException damaged(String reason) {
    return new ModelLoadException(
        "model %s %s; save it again with torch.jit.save".formatted(name, reason));
  }

  /**
   * Returns the model's name for messages.
   *
   * @return for example {@code fashion-cnn.pt}
   */
  public String name() {
    return name;
  }

  /**
   * Returns the number of bytes of the file.
   *
   * @return the size
   */
  public long bytes() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new UncheckedIOException("model " + name + " cannot be read: " + e, e);
    }
  }

  /**
   * Returns the tensors that the model's modules hold: parameters and buffers. Constants that are
   * written into its code, as {@code torch.jit.freeze} does, are not among them.
   *
   * @return the tensors, each once, in the order of attributes
   */
  public List<TorchTensor> tensors() {
    return tensors;
  }

  /**
   * Returns the elements of a storage.
   *
   * @param key the key of a storage of one of the tensors
   * @return the elements, little-endian
   * @throws IllegalArgumentException if there is none of this key
   */
  public OnnxContent storage(String key) {
    requireKnown(key);
    return content(entry("data/" + key));
  }

  private void requireKnown(String key) {
    if (!storages.containsKey(key)) {
      throw new IllegalArgumentException("model %s has no storage \"%s\"".formatted(name, key));
    }
  }

  /**
   * Writes a copy of the archive in which storages have other elements, whole or not at all. All
   * other files in it have the same bytes, those that are not compressed at multiples of 64. With
   * nothing to change the archive is copied byte for byte.
   *
   * @param target the file; replaced if it exists
   * @param changed other elements by the keys of storages, of the same length
   * @param writer how to write
   * @throws IllegalArgumentException if a key is unknown, or a length is another one
   * @throws UncheckedIOException if the file cannot be written; it is as it was
   */
  public void save(Path target, Map<String, ? extends OnnxContent> changed, OnnxFileWriter writer) {
    changed.forEach(this::requireFits);
    try {
      writer.write(target, encoded(changed));
    } catch (IOException e) {
      throw new UncheckedIOException("model " + name + " cannot be read: " + e, e);
    }
  }

  private void requireFits(String key, OnnxContent content) {
    long wanted = storage(key).length();
    if (content.length() != wanted) {
      throw new IllegalArgumentException(
          "storage %s of model %s has %d bytes, but was given %d"
              .formatted(key, name, wanted, content.length()));
    }
  }

  private OnnxContent encoded(Map<String, ? extends OnnxContent> changed) throws IOException {
    if (changed.isEmpty()) {
      return OnnxContent.of(channel, new ByteRange(0, channel.size()));
    }
    ArchiveWriter archive = new ArchiveWriter();
    String data = folder + "data/";
    for (ArchiveEntry entry : entries.values()) {
      String path = entry.name();
      OnnxContent other = path.startsWith(data) ? changed.get(path.substring(data.length())) : null;
      if (other != null) {
        archive.add(path, other);
      } else {
        archive.add(entry, content(entry));
      }
    }
    return archive.finish();
  }

  /** Closes the file. May be called twice. */
  @Override
  public void close() {
    close(channel);
  }

  private static void close(@org.jspecify.annotations.Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // It was only read.
    }
  }
}

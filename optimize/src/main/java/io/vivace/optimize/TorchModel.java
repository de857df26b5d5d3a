package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.core.model.torch.TorchArchive;
import io.vivace.core.model.torch.TorchStorage;
import io.vivace.core.model.torch.TorchTensor;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.graph.WeightPass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript archive, of which storages get other elements. Weights of layers are the tensors of
 * two or more axes and of 16- or 32-bit floats that modules hold under a name with "weight" in it,
 * but for those of normalizations and those of more elements than their storage. Tensors that look
 * into one storage at the same place are one.
 */
final class TorchModel implements EditableModel, ModelWeights {
  private static final NavigableMap<Long, OnnxContent> NONE = Collections.emptyNavigableMap();

  private final TorchArchive archive;
  private final Map<String, NavigableMap<Long, OnnxContent>> changed = new HashMap<>();
  private final Map<String, TorchTensor> byName = new HashMap<>();

  private TorchModel(TorchArchive archive) {
    this.archive = archive;
    for (TorchTensor tensor : archive.tensors()) {
      if (TorchLayer.isLayer(tensor)) {
        byName.putIfAbsent(tensor.name(), tensor);
      }
    }
  }

  static TorchModel open(ModelArtifact artifact) {
    return new TorchModel(TorchArchive.open(artifact));
  }

  @Override
  public String name() {
    return archive.name();
  }

  @Override
  public ModelWeights weights() {
    return this;
  }

  @Override
  public List<TorchLayer> layers() {
    List<TorchLayer> layers = new ArrayList<>();
    Map<String, NavigableMap<Long, TorchLayer>> places = new HashMap<>();
    for (TorchTensor tensor : archive.tensors()) {
      if (TorchLayer.isLayer(tensor)) {
        TorchLayer layer = new TorchLayer(this, tensor);
        if (isNew(layer, places.computeIfAbsent(tensor.storage().key(), key -> new TreeMap<>()))) {
          layers.add(layer);
        }
      }
    }
    return layers;
  }

  /** Those of a storage by their first elements; they lie apart, so that it meets neighbours. */
  private static boolean isNew(TorchLayer layer, NavigableMap<Long, TorchLayer> known) {
    long first = layer.tensor().offset();
    for (Map.Entry<Long, TorchLayer> near :
        Arrays.asList(known.floorEntry(first), known.higherEntry(first))) {
      if (near != null && layer.meets(near.getValue())) {
        layer.requirePartOf(near.getValue());
        return false;
      }
    }
    known.put(first, layer);
    return true;
  }

  /** Stays quick for a storage of many weights, which would each be a stretch of the last whole. */
  OnnxContent read(TorchStorage storage, ByteRange range) {
    NavigableMap<Long, OnnxContent> stretches = changed.getOrDefault(storage.key(), NONE);
    Map.Entry<Long, OnnxContent> last = stretches.lowerEntry(range.end());
    if (last == null || last.getKey() + last.getValue().length() <= range.offset()) {
      return archive.storage(storage.key()).slice(range);
    }
    if (last.getKey() <= range.offset()
        && range.end() <= last.getKey() + last.getValue().length()) {
      return last.getValue().slice(new ByteRange(range.offset() - last.getKey(), range.length()));
    }
    return whole(storage.key()).slice(range);
  }

  /** Other bytes for a stretch of a storage, which lies apart from those of other weights. */
  void put(TorchStorage storage, long from, OnnxContent bytes) {
    changed.computeIfAbsent(storage.key(), key -> new TreeMap<>()).put(from, bytes);
  }

  private OnnxContent whole(String key) {
    OnnxContent before = archive.storage(key);
    List<OnnxContent> parts = new ArrayList<>();
    long end = 0;
    for (Map.Entry<Long, OnnxContent> stretch : changed.getOrDefault(key, NONE).entrySet()) {
      parts.add(before.slice(new ByteRange(end, stretch.getKey() - end)));
      parts.add(stretch.getValue());
      end = stretch.getKey() + stretch.getValue().length();
    }
    parts.add(before.slice(new ByteRange(end, before.length() - end)));
    return OnnxContent.concat(parts);
  }

  @Override
  public void apply(GraphPass pass, PassContext context) {
    ((WeightPass) pass).change(this, context); // others were refused before
  }

  @Override
  public long bytes() {
    return archive.bytes();
  }

  private Collection<TorchStorage> storages() {
    Map<String, TorchStorage> storages = new LinkedHashMap<>();
    for (TorchTensor tensor : archive.tensors()) {
      storages.put(tensor.storage().key(), tensor.storage());
    }
    return storages.values();
  }

  @Override
  public ModelSize size(long bytes, PassContext context) {
    List<TorchStorage> storages = List.copyOf(storages());
    AtomicLong nonZeros = new AtomicLong();
    context.forEach(
        storages.size(),
        i -> {
          TorchStorage storage = storages.get(i);
          Shape shape = Shape.of(storage.elements());
          nonZeros.addAndGet(
              NonZeros.count(
                  Weight.of(storage.key(), storage.type(), shape, whole(storage.key()))));
        });
    return size(bytes, nonZeros.get());
  }

  @Override
  public ModelSize quickSize(long bytes) {
    return size(bytes, -1);
  }

  private ModelSize size(long bytes, long nonZeros) {
    long parameters = storages().stream().mapToLong(TorchStorage::elements).sum();
    return new ModelSize(bytes, parameters, nonZeros, -1, -1, Map.of());
  }

  @Override
  public float @Nullable [] values(Weight original) {
    TorchTensor tensor = byName.get(original.name());
    return tensor == null ? null : new TorchLayer(this, tensor).weight().floats();
  }

  @Override
  public void save(Path target, OnnxFileWriter writer) {
    Map<String, OnnxContent> storages = new HashMap<>();
    changed.keySet().forEach(key -> storages.put(key, whole(key)));
    archive.save(target, storages, writer);
  }

  @Override
  public void close() {
    archive.close();
  }
}

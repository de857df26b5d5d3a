package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.core.model.torch.TorchArchive;
import io.vivace.core.model.torch.TorchStorage;
import io.vivace.core.model.torch.TorchTensor;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.graph.WeightPass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript archive, of which storages get other elements. Weights of layers are the tensors of
 * two or more axes and of 16- or 32-bit floats that modules hold under a name with "weight" in it,
 * but for those of normalizations. Tensors that look into one storage at the same place are one.
 */
final class TorchModel implements EditableModel, ModelWeights {
  private final TorchArchive archive;
  private final Map<String, OnnxContent> changed = new HashMap<>();

  private TorchModel(TorchArchive archive) {
    this.archive = archive;
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
    for (TorchTensor tensor : archive.tensors()) {
      if (TorchLayer.isLayer(tensor)) {
        TorchLayer layer = new TorchLayer(this, tensor);
        if (layers.stream().noneMatch(layer::isPartOf)) {
          layers.add(layer);
        }
      }
    }
    return layers;
  }

  OnnxContent storage(TorchStorage storage) {
    OnnxContent other = changed.get(storage.key());
    return other == null ? archive.storage(storage.key()) : other;
  }

  void put(TorchStorage storage, OnnxContent elements) {
    changed.put(storage.key(), elements);
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
              NonZeros.count(Weight.of(storage.key(), storage.type(), shape, storage(storage))));
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
    for (TorchTensor tensor : archive.tensors()) {
      if (tensor.name().equals(original.name())) {
        return new TorchLayer(this, tensor).weight().floats();
      }
    }
    return null;
  }

  @Override
  public void save(Path target, OnnxFileWriter writer) {
    try {
      archive.save(target, changed, writer);
    } catch (IllegalArgumentException e) {
      throw new GraphException("model " + name() + " cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    archive.close();
  }
}

package io.vivace.optimize.graph;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxAttribute;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxData;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.core.model.onnx.OnnxGraph;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.core.model.onnx.OnnxMessage;
import io.vivace.core.model.onnx.OnnxModel;
import io.vivace.core.model.onnx.OnnxNode;
import io.vivace.core.model.onnx.OnnxPayload;
import io.vivace.core.model.onnx.OnnxStorage;
import io.vivace.core.model.onnx.OnnxTensor;
import io.vivace.core.model.onnx.OnnxValidator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An ONNX model opened for changes. Its file is validated and stays as it is; {@link #save} writes
 * another one. Not thread-safe.
 */
public final class ModelGraph implements ModelWeights, AutoCloseable {
  /** Protobuf messages, and so ONNX Runtime, take no more in one file. */
  private static final long LARGEST_FILE = Integer.MAX_VALUE;

  private final ModelArtifact artifact;
  private final OnnxModel model;
  private final OnnxStorage storage;
  private final OnnxData data;
  private final Graph graph;
  private final Map<String, Long> opsets;
  private final Map<String, String> metadata;
  private long irVersion;
  private String producer;
  private String producerVersion = "";
  private boolean headerChanged;

  private ModelGraph(ModelArtifact artifact, OnnxModel model, OnnxStorage storage, OnnxData data) {
    this.artifact = artifact;
    this.model = model;
    this.storage = storage;
    this.data = data;
    this.graph = Graph.stored(model.graph(), storage, data, null);
    this.opsets = new LinkedHashMap<>(model.opsets());
    this.metadata = new LinkedHashMap<>(model.metadata());
    this.irVersion = model.irVersion();
    this.producer = model.producer();
  }

  /**
   * Opens a model within the standard limits.
   *
   * @param source where it comes from
   * @return the model; to be closed
   * @throws ModelLoadException if it cannot be had, is no ONNX model, or is refused by the
   *     validator
   */
  public static ModelGraph open(ModelSource source) {
    return open(source, OnnxLimits.standard());
  }

  /**
   * Opens a model.
   *
   * @param source where it comes from
   * @param limits how much the file may ask for
   * @return the model; to be closed
   * @throws ModelLoadException if it cannot be had, is no ONNX model, or is refused by the
   *     validator
   */
  public static ModelGraph open(ModelSource source, OnnxLimits limits) {
    ModelArtifact artifact = source.resolve();
    OnnxStorage storage = null;
    OnnxData data = null;
    boolean opened = false;
    try {
      if (artifact.format() != ModelFormat.ONNX) {
        throw new ModelLoadException(
            "model %s is of format %s, wanted is ONNX; export it to ONNX first"
                .formatted(artifact, artifact.format()));
      }
      OnnxModel model = OnnxValidator.validate(artifact, limits);
      storage = OnnxStorage.open(model);
      data = OnnxData.open(model);
      ModelGraph graph = new ModelGraph(artifact, model, storage, data);
      opened = true;
      return graph;
    } finally {
      if (!opened) {
        closeAll(storage, data, artifact);
      }
    }
  }

  /**
   * Returns the model's name for messages.
   *
   * @return for example {@code resnet50.onnx}
   */
  @Override
  public String name() {
    return model.name();
  }

  @Override
  public List<LayerWeight> layers() {
    return LayerWeight.of(graph);
  }

  /**
   * Returns the graph.
   *
   * @return the graph, which can be changed
   */
  public Graph graph() {
    return graph;
  }

  /**
   * Returns the version of the file format.
   *
   * @return the IR version
   */
  public long irVersion() {
    return irVersion;
  }

  /**
   * Returns the version of each operator set by domain.
   *
   * @return a view; the empty domain is ONNX's own
   */
  public Map<String, Long> opsets() {
    return Collections.unmodifiableMap(opsets);
  }

  /**
   * Returns the version of ONNX's own operator set.
   *
   * @return the version; 1 if the model states none
   */
  public long opset() {
    Long version = opsets.getOrDefault("", opsets.get("ai.onnx"));
    return version == null ? 1 : version;
  }

  /**
   * States the version of an operator set. It does not change the nodes.
   *
   * @param domain the operator set; empty for ONNX's own
   * @param version the version, at least 1
   */
  public void opset(String domain, long version) {
    String key = domain.isEmpty() && opsets.containsKey("ai.onnx") ? "ai.onnx" : domain;
    Long before = opsets.put(key, version);
    headerChanged |= before == null || before != version;
  }

  /**
   * States the version of the file format.
   *
   * @param version the version, at least 1
   */
  public void irVersion(long version) {
    headerChanged |= irVersion != version;
    irVersion = version;
  }

  /**
   * States the program that makes the file.
   *
   * @param name its name
   * @param version its version
   */
  public void producer(String name, String version) {
    producer = name;
    producerVersion = version;
    headerChanged = true;
  }

  /** Whether the model defines operators itself. */
  boolean hasFunctions() {
    return !model.functions().isEmpty();
  }

  /**
   * Returns the names and values that producers added.
   *
   * @return a view
   */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /**
   * Adds a name and a value, or replaces the value.
   *
   * @param name the name
   * @param value the value
   */
  public void metadata(String name, String value) {
    headerChanged |= !value.equals(metadata.put(name, value));
  }

  /**
   * Returns the number of bytes of the model's file and of its external data.
   *
   * @return the size
   */
  public long bytes() {
    return model.bytes().length() + externalBytes();
  }

  /**
   * Writes the model with a thread per processor. See {@link #save(Path, OnnxFileWriter)}.
   *
   * @param target the file
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void save(Path target) {
    save(target, OnnxFileWriter.standard());
  }

  /**
   * Writes the model, whole or not at all. The weights go from file to file through small buffers.
   * An untouched model is written byte for byte as it was.
   *
   * <p>Models that do not fit 2 GiB, and those that had external data, keep their large tensors in
   * a second file beside the target, which has a name that was free.
   *
   * @param target the file; replaced if it exists. It may be the model's own
   * @param writer how to write
   * @throws java.io.UncheckedIOException if it cannot be written
   * @throws ModelLoadException if the graph has a cycle
   */
  public void save(Path target, OnnxFileWriter writer) {
    if (externalBytes() == 0) {
      OnnxContent content = encoded(new GraphEncoder(storage, null));
      if (content.length() <= LARGEST_FILE) {
        writer.write(target, content);
        return;
      }
    }
    ExternalData external = new ExternalData(freeName(target));
    OnnxContent content = encoded(new GraphEncoder(storage, external));
    if (external.content().length() > 0) {
      writer.write(target.resolveSibling(external.location()), external.content());
    }
    writer.write(target, content);
  }

  private static String freeName(Path target) {
    String name = target.getFileName() + ".data";
    for (int i = 2; Files.exists(target.resolveSibling(name)); i++) {
      name = target.getFileName() + "." + i + ".data";
    }
    return name;
  }

  private OnnxContent encoded(GraphEncoder encoder) {
    OnnxContent body = encoder.graph(graph);
    if (!headerChanged && graph.isUntouched() && externalBytes() == 0) {
      return storage.bytes(model.bytes());
    }
    OnnxMessage message = new OnnxMessage().integer(1, irVersion);
    GraphEncoder.text(message, 2, producer);
    if (producerVersion.isEmpty()) {
      message.fields(storage.fields(model.bytes(), field -> field == 3));
    } else {
      message.text(3, producerVersion);
    }
    message.fields(storage.fields(model.bytes(), field -> field >= 4 && field <= 6));
    message.bytes(7, body);
    if (opsets.equals(model.opsets())) {
      message.fields(storage.fields(model.bytes(), field -> field == 8));
    } else {
      opsets.forEach((domain, version) -> message.message(8, opset(domain, version)));
    }
    metadata.forEach(
        (key, value) -> message.message(14, new OnnxMessage().text(1, key).text(2, value)));
    message.fields(storage.fields(model.bytes(), field -> field > 8 && field != 14));
    return message.content();
  }

  private static OnnxMessage opset(String domain, Long version) {
    OnnxMessage message = new OnnxMessage();
    GraphEncoder.text(message, 1, domain);
    return message.integer(2, version);
  }

  private long externalBytes() {
    return externalBytes(model.graph());
  }

  private static long externalBytes(OnnxGraph graph) {
    long sum = externalBytes(graph.initializers());
    for (OnnxNode node : graph.nodes()) {
      for (OnnxAttribute attribute : node.attributes()) {
        sum += externalBytes(attribute.tensors());
        sum += attribute.graphs().stream().mapToLong(ModelGraph::externalBytes).sum();
      }
    }
    return sum;
  }

  private static long externalBytes(List<OnnxTensor> tensors) {
    return tensors.stream()
        .filter(tensor -> tensor.payload() instanceof OnnxPayload.External)
        .mapToLong(tensor -> tensor.type().bytes(tensor.shape().elements()))
        .sum();
  }

  /** Closes the model's files, and removes them if they were made only for this. Works twice. */
  @Override
  public void close() {
    closeAll(storage, data, artifact);
  }

  private static void closeAll(
      @Nullable OnnxStorage storage, @Nullable OnnxData data, ModelArtifact artifact) {
    if (storage != null) {
      storage.close();
    }
    if (data != null) {
      data.close();
    }
    artifact.close();
  }
}

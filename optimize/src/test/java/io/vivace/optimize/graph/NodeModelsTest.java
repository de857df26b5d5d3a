package io.vivace.optimize.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.train.graph.NodeCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models of all node tests of the ONNX project: what is read is written as it was. */
class NodeModelsTest {
  private static final List<NodeCase> CASES =
      NodeCase.read("/io/vivace/optimize/graph/onnx-node-models.gz");

  @TempDir Path folder;

  @Test
  void save_untouched_sameBytes() throws IOException {
    Map<String, String> faults = new TreeMap<>();
    for (NodeCase each : CASES) {
      Path source = write(each.model());
      Path target = folder.resolve("copy.onnx");
      try (ModelGraph model = ModelGraph.open(ModelSource.path(source))) {
        model.save(target);
        if (Files.mismatch(source, target) >= 0) {
          faults.put(each.name(), "other bytes from " + Files.mismatch(source, target));
        }
      } catch (ModelLoadException e) {
        faults.put(each.name(), e.getMessage());
      }
    }
    assertThat(CASES).hasSize(1_884);
    assertThat(faults).isEmpty();
  }

  @Test
  void save_nodesEncodedAnew_isTheSameModelToProtobuf() throws IOException {
    Map<String, String> faults = new TreeMap<>();
    for (NodeCase each : CASES) {
      Path target = folder.resolve("anew.onnx");
      try (ModelGraph model = ModelGraph.open(ModelSource.path(write(each.model())))) {
        model.metadata("key", "value");
        encodeAnew(model.graph());
        model.save(target);
      } catch (ModelLoadException e) {
        faults.put(each.name(), e.getMessage());
        continue;
      }
      ModelProto before = ModelProto.parseFrom(each.model());
      ModelProto after = ModelProto.parseFrom(Files.readAllBytes(target));
      if (!bare(before).toByteString().equals(bare(after).toByteString())) {
        faults.put(each.name(), "another model");
      }
    }
    assertThat(faults).isEmpty();
  }

  private static void encodeAnew(Graph graph) {
    for (Node node : graph.nodes()) {
      node.attribute(Attribute.of("added", 1));
      node.removeAttribute("added");
      node.graphs().forEach(NodeModelsTest::encodeAnew);
    }
  }

  /** Without what this test adds, and with the empty domain left out, which is the same. */
  private static ModelProto bare(ModelProto model) {
    ModelProto.Builder builder = model.toBuilder().clearMetadataProps();
    leaveOutEmptyDomains(builder.getGraphBuilder());
    return builder.build();
  }

  private static void leaveOutEmptyDomains(GraphProto.Builder graph) {
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      if (node.getDomain().isEmpty()) {
        node.clearDomain();
      }
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasG()) {
          leaveOutEmptyDomains(attribute.getGBuilder());
        }
        attribute.getGraphsBuilderList().forEach(NodeModelsTest::leaveOutEmptyDomains);
      }
    }
  }

  @Test
  void of_modelWithoutTypesOfItsResults_findsWhatWasStated() throws IOException {
    Map<String, String> faults = new TreeMap<>();
    int outputs = 0;
    int elements = 0;
    int ranks = 0;
    int shapes = 0;
    for (NodeCase each : CASES) {
      List<ValueInfoProto> stated = ModelProto.parseFrom(each.model()).getGraph().getOutputList();
      try (ModelGraph model =
          ModelGraph.open(ModelSource.path(write(withoutTypes(each.model()))))) {
        TypeInference types = TypeInference.of(model);
        for (ValueInfoProto output : stated) {
          if (output.getType().hasTensorType()) {
            ValueType found = types.type(output.getName());
            String fault = contradiction(found, output.getType().getTensorType());
            if (!fault.isEmpty()) {
              faults.put(each.name() + " " + output.getName(), fault);
            }
            outputs++;
            elements += found.element().number() > 0 ? 1 : 0;
            ranks += found.rank() >= 0 ? 1 : 0;
            shapes += isFull(found) ? 1 : 0;
          }
        }
      } catch (ModelLoadException e) {
        faults.put(each.name(), e.getMessage());
      }
    }
    assertThat(faults).isEmpty();
    assertThat(outputs).isEqualTo(2_292);
    // Others follow operators of which nothing is said, sequences, or integers that are inputs.
    assertThat(elements).isGreaterThanOrEqualTo(1_643);
    assertThat(ranks).isGreaterThanOrEqualTo(1_517);
    assertThat(shapes).isGreaterThanOrEqualTo(1_276);
  }

  private static boolean isFull(ValueType type) {
    for (int axis = 0; axis < type.rank(); axis++) {
      if (type.size(axis) < 0) {
        return false;
      }
    }
    return type.rank() >= 0;
  }

  private static byte[] withoutTypes(byte[] model) throws InvalidProtocolBufferException {
    ModelProto.Builder builder = ModelProto.parseFrom(model).toBuilder();
    List<ValueInfoProto> bare = new ArrayList<>();
    for (ValueInfoProto output : builder.getGraph().getOutputList()) {
      bare.add(output.getType().hasTensorType() ? output.toBuilder().clearType().build() : output);
    }
    builder.getGraphBuilder().clearOutput().addAllOutput(bare).clearValueInfo();
    return builder.build().toByteArray();
  }

  /** What is not known contradicts nothing. */
  private static String contradiction(ValueType found, TypeProto.Tensor stated) {
    int element = found.element().number();
    if (element > 0 && element != stated.getElemType()) {
      return found + " instead of element type " + stated.getElemType();
    }
    int rank = stated.getShape().getDimCount();
    if (!stated.hasShape() || found.rank() < 0) {
      return "";
    }
    boolean equal = found.rank() == rank;
    for (int axis = 0; equal && axis < rank; axis++) {
      long size = stated.getShape().getDim(axis).getDimValue();
      boolean known = found.size(axis) >= 0 && stated.getShape().getDim(axis).hasDimValue();
      equal = !known || found.size(axis) == size;
    }
    return equal ? "" : found + " instead of " + stated.getShape();
  }

  private Path write(byte[] model) throws IOException {
    return Files.write(folder.resolve("case.onnx"), model);
  }
}

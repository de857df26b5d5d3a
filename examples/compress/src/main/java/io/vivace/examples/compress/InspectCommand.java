package io.vivace.examples.compress;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.torch.TorchArchive;
import io.vivace.core.model.torch.TorchStorage;
import io.vivace.core.model.torch.TorchTensor;
import io.vivace.optimize.ModelSize;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    description = "Tells what is in a model file.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description = "The ONNX or TorchScript file, or classpath:NAME.")
  private String file = "";

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    ModelSource source = ModelFile.of(file);
    try (ModelArtifact artifact = source.resolve()) {
      if (artifact.format() == ModelFormat.TORCHSCRIPT) {
        print(artifact, out);
      } else {
        print(source, out);
      }
    }
    out.flush();
    return 0;
  }

  private static void print(ModelSource source, PrintWriter out) {
    try (ModelGraph model = ModelGraph.open(source)) {
      ModelSize size = ModelSize.of(model);
      out.printf("%s: IR %d, operators %s%n", model.name(), model.irVersion(), operatorSets(model));
      model.graph().inputs().forEach(value -> out.println("input " + value));
      model.graph().outputs().forEach(value -> out.println("output " + value));
      out.printf(
          Locale.ROOT,
          "%,d bytes, %,d parameters, %,d of them not 0, %s MACs, %,d nodes%n",
          size.bytes(),
          size.parameters(),
          size.nonZeros(),
          size.macs() < 0 ? "unknown" : String.format(Locale.ROOT, "%,d", size.macs()),
          size.nodes());
      out.println(size.operators());
      for (LayerWeight layer : LayerWeight.of(model.graph())) {
        out.println("layer " + layer);
      }
    }
  }

  /** The domain of ONNX's own operators has no name in the file. */
  private static String operatorSets(ModelGraph model) {
    return model.opsets().entrySet().stream()
        .map(set -> (set.getKey().isEmpty() ? "ai.onnx" : set.getKey()) + " " + set.getValue())
        .collect(Collectors.joining(", "));
  }

  private static void print(ModelArtifact artifact, PrintWriter out) {
    try (TorchArchive archive = TorchArchive.open(artifact)) {
      long elements =
          archive.tensors().stream()
              .map(TorchTensor::storage)
              .distinct()
              .mapToLong(TorchStorage::elements)
              .sum();
      out.printf(
          Locale.ROOT,
          "%s: TorchScript, %,d bytes, %,d parameters and elements of buffers%n",
          archive.name(),
          archive.bytes(),
          elements);
      for (TorchTensor tensor : archive.tensors()) {
        String module = tensor.module().substring(tensor.module().lastIndexOf('.') + 1);
        out.printf(
            "tensor %s of %s, storage %s%s%n",
            tensor,
            module.isEmpty() ? "the model" : module,
            tensor.storage().key(),
            tensor.aliases().isEmpty() ? "" : ", also " + tensor.aliases());
      }
    }
  }
}

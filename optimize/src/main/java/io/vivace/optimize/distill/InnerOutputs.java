package io.vivace.optimize.distill;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.calibrate.ObservedModel;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.train.internal.NearNames;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A copy of a teacher, an ONNX model, that also gives values from inside. A DJL block is
 * {@linkplain io.vivace.optimize.train.export.BlockExport exported} to ONNX first; its values are
 * called after the part and the operator that gives them, as {@code 02LambdaBlock/Relu}. A
 * TorchScript file tells nothing of its inside: it teaches by its outputs alone.
 */
public final class InnerOutputs {
  private InnerOutputs() {}

  /**
   * Writes the copy. Opened with {@code TensorOutput.all()} it is the teacher of a {@link
   * Distillation#match(Match, io.vivace.core.Predictor, String) match}.
   *
   * @param teacher the model, never changed
   * @param target the file, replaced if it exists
   * @param values names of tensors inside the model; they come after its outputs
   * @throws GraphException if there is no such tensor; the message names near ones
   * @throws io.vivace.core.ModelLoadException if the teacher is not an ONNX model
   */
  public static void save(ModelSource teacher, Path target, String... values) {
    try (ModelGraph model = ModelGraph.open(teacher)) {
      Set<String> known = new LinkedHashSet<>();
      model.graph().nodes().forEach(node -> known.addAll(node.outputs()));
      for (String value : values) {
        if (!known.contains(value)) {
          throw new GraphException(
              "model %s has no value \"%s\", there are %s"
                  .formatted(model.name(), value, NearNames.of(value, known)));
        }
      }
      ObservedModel.save(model, new LinkedHashSet<>(List.of(values)), target);
    }
  }
}

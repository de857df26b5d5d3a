package io.vivace.core.model.onnx;

import io.vivace.core.model.ModelArtifact;
import java.nio.file.Path;

/**
 * Checks an ONNX file before native code sees it: a file that passes may be wrong, but it should
 * not end the JVM, hang it or read other files.
 *
 * <p>Refused are files that are not well formed; tensors whose payload does not fit their shape, or
 * lies outside the model's folder; sparse tensors with indices out of range or out of order; graphs
 * with cycles, with undefined names or nested too deep; functions that call themselves or grow
 * beyond measure when they are written out; windows with a stride of 0; and small files that ask
 * for huge constants. The time is linear in the size of the skeleton; weights are not read.
 *
 * <p>What a model computes from its inputs is not known here, and so not bounded.
 */
public final class OnnxValidator {
  private OnnxValidator() {}

  /**
   * Reads the skeleton of a file and checks it within the standard limits.
   *
   * @param path the file
   * @return the skeleton
   * @throws io.vivace.core.ModelLoadException if the file is refused: the message says why
   */
  public static OnnxModel validate(Path path) {
    return validate(path, OnnxLimits.standard());
  }

  /**
   * Reads the skeleton of a file and checks it.
   *
   * @param path the file
   * @param limits how much it may ask for
   * @return the skeleton
   * @throws io.vivace.core.ModelLoadException if the file is refused: the message says why
   */
  public static OnnxModel validate(Path path, OnnxLimits limits) {
    return check(OnnxModel.read(String.valueOf(path.getFileName()), path, limits), limits);
  }

  /**
   * Reads the skeleton of a resolved model and checks it.
   *
   * @param artifact the model; its path is an ONNX file
   * @param limits how much it may ask for
   * @return the skeleton; errors and the skeleton name the model as the artifact does
   * @throws io.vivace.core.ModelLoadException if the file is refused: the message says why
   */
  public static OnnxModel validate(ModelArtifact artifact, OnnxLimits limits) {
    return check(OnnxModel.read(artifact.name(), artifact.path(), limits), limits);
  }

  private static OnnxModel check(OnnxModel model, OnnxLimits limits) {
    Refusal refusal = new Refusal(model.name());
    try (WireFile file = WireFile.open(model.name(), model.path(), Long.MAX_VALUE)) {
      new TensorCheck(refusal, file, model.path()).check(model);
      NodeOrder order = new NodeOrder(refusal);
      order.check(model);
      ConstantCheck constants = new ConstantCheck(refusal, file, order, limits.constantBytes());
      new ExpansionCheck(refusal, limits, constants).check(model);
    }
    return model;
  }
}

package io.vivace.optimize.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.ConstantInitializer;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.codec.TensorOutput;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.train.export.BlockExport;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InnerOutputsTest {
  @TempDir Path folder;

  /** All weights are 0.5: the hidden units are half of the sum, if that is above 0. */
  @Test
  void djlBlock_exported_showsItsInside() {
    Path file = folder.resolve("block.onnx");
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(2).build())
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(1).build());
    block.setInitializer(new ConstantInitializer(0.5f), Parameter.Type.WEIGHT);
    try (NDManager manager = TrainingEngine.newManager()) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
      BlockExport.write(block, file);
    }
    Path open = folder.resolve("open.onnx");
    InnerOutputs.save(ModelSource.path(file), open, "02LambdaBlock/Relu");
    try (Predictor<float[], Map<String, Tensor>> inside =
        Predictor.builder()
            .model(ModelSource.path(open))
            .input(VectorInput.floats(2))
            .output(TensorOutput.all())
            .build()) {
      assertThat(hidden(inside, 1, 2)).containsExactly(1.5f, 1.5f);
      assertThat(hidden(inside, -3, 1)).containsExactly(0, 0);
    }
  }

  private static float[] hidden(Predictor<float[], Map<String, Tensor>> inside, float... item) {
    return Objects.requireNonNull(inside.predict(item).get("02LambdaBlock/Relu")).toFloats();
  }

  @Test
  void torchScript_isRefused() throws IOException {
    Path script = folder.resolve("teacher.pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(script))) {
      zip.putNextEntry(new ZipEntry("m/data.pkl"));
      zip.putNextEntry(new ZipEntry("m/constants.pkl"));
    }
    Path open = folder.resolve("open.onnx");
    assertThatThrownBy(() -> InnerOutputs.save(ModelSource.path(script), open, "hidden"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("wanted is ONNX; export it to ONNX first");
    assertThat(open).doesNotExist();
  }
}

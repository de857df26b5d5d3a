package io.vivace.optimize.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.train.graph.GraphNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a student gives to the loss, worked by hand. The student doubles its first input. */
class ObservedStudentTest {
  @TempDir Path folder;

  private GraphNetwork student(long... sizes) {
    long[] mask = {-1, -1};
    return GraphNetwork.open(
        ModelSource.path(
            new TestGraph(13)
                .input("x", sizes)
                .input("mask", mask)
                .floats("two", new float[] {2}, 1)
                .node("Mul", "x two", "doubled")
                .node("Add", "doubled two", "y")
                .output("y", sizes)
                .save(folder.resolve("student.onnx"))));
  }

  private static ObservedStudent observed(GraphNetwork student, Match match, long... teacher) {
    int size = 1;
    for (long axis : teacher) {
      size *= (int) axis;
    }
    Tensor value = Tensor.of(new float[size], teacher);
    return new ObservedStudent(
        student, List.of(match), new Lesson<>(Optional.empty(), List.of(), List.of(value)));
  }

  @Test
  void averagedOver_countsMaskedTokensOnly() {
    try (GraphNetwork student = student(-1, -1, 2);
        NDManager manager = student.manager().newSubManager()) {
      Match match = Match.of("doubled", ValueLoss.cosine()).averagedOver("mask");
      ObservedStudent observed = observed(student, match, 2);
      NDArray tokens =
          manager.create(new float[] {1, 2, 3, 4, 9, 9, 5, 6, 7, 7, 7, 7}, new Shape(2, 3, 2));
      NDArray mask = manager.create(new float[] {1, 1, 0, 1, 0, 0}, new Shape(2, 3));
      NDList inputs = new NDList(tokens, mask);
      observed.initialize(inputs);
      NDList outputs = observed.forward(inputs, false);
      assertThat(outputs).hasSize(2);
      assertThat(outputs.head().getName()).isNull();
      assertThat(outputs.get(ObservedStudent.name(0)).toFloatArray()).containsExactly(4, 6, 10, 12);

      ObservedStudent maps =
          observed(student, Match.output(ValueLoss.cosine()).averagedOver("mask"), 2);
      NDList swapped = new NDList(tokens, tokens.get(":, :, 0").get(":, 0:2"));
      assertThatThrownBy(() -> maps.initialize(swapped))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[batch, tokens, width]");
    }
  }

  @Test
  void projected_mixesChannels_isTrained_andIsDropped() {
    try (GraphNetwork student = student(-1, 2, 1, 2);
        NDManager manager = student.manager().newSubManager()) {
      Match match = Match.of("doubled", ValueLoss.meanSquaredError()).projected();
      ObservedStudent observed = observed(student, match, 3, 1, 2);
      NDArray maps = manager.create(new float[] {1, 2, 3, 4}, new Shape(1, 2, 1, 2));
      NDList inputs = new NDList(maps, manager.ones(new Shape(1, 1)));
      observed.initialize(inputs);
      NDArray weight = Objects.requireNonNull(observed.parameters().get("projection.0"));
      assertThat(weight.getShape()).isEqualTo(new Shape(2, 3));
      assertThat(weight.hasGradient()).isTrue();
      try (NDArray detached = weight.stopGradient()) {
        NDArray wanted = manager.create(new float[] {1, 0, 10, 0, 1, 100}, new Shape(2, 3));
        detached.muli(0).addi(wanted);
      }
      NDArray value = observed.forward(inputs, false).get(ObservedStudent.name(0));
      assertThat(value.getShape()).isEqualTo(new Shape(1, 3, 1, 2));
      assertThat(value.toFloatArray()).containsExactly(2, 4, 6, 8, 620, 840);

      assertThat(observed.trained()).isSameAs(student);
      assertThat(weight.isReleased()).isTrue();
    }
  }

  @Test
  void innerValues_askedForByOthers_comeBeforeThoseOfTheLoss() {
    try (GraphNetwork student = student(-1, 2);
        NDManager manager = student.manager().newSubManager()) {
      ObservedStudent observed = observed(student, Match.of("y", ValueLoss.cosine()), 2);
      NDList inputs =
          new NDList(
              manager.create(new float[] {1, 2}, new Shape(1, 2)), manager.ones(new Shape(1, 1)));
      observed.initialize(inputs);
      NDList outputs = observed.forward(inputs, false, List.of("doubled"));
      assertThat(outputs).hasSize(3);
      assertThat(outputs.get(0).toFloatArray()).containsExactly(4, 6);
      assertThat(outputs.get(1).toFloatArray()).containsExactly(2, 4);
      assertThat(outputs.get(2).toFloatArray()).containsExactly(4, 6);
    }
  }
}

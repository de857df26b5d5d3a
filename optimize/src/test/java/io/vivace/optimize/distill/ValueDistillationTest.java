package io.vivace.optimize.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.codec.TensorOutput;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.train.EarlyStopping;
import io.vivace.optimize.train.FashionData;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fashion-cnn teaches students by what is inside it. */
class ValueDistillationTest {
  private static final String MAPS = "/Relu_1_output_0";
  private static final String HIDDEN = "/Relu_2_output_0";
  private static final VectorInput<float[]> PIXELS =
      VectorInput.floats(io.vivace.core.model.Shape.of(1, 28, 28));

  /** Of the student: what a convolution of 16 channels gives, 14 by 14. */
  private static final String STUDENT_MAPS = "02LambdaBlock";

  @TempDir static Path folder;

  private static Predictor<float[], Map<String, Tensor>> teacher;

  @TempDir Path own;

  @BeforeAll
  static void open() {
    Path model = folder.resolve("teacher.onnx");
    InnerOutputs.save(ModelSource.path(TestModels.file(TestModels.FASHION)), model, MAPS, HIDDEN);
    teacher =
        Predictor.builder()
            .model(ModelSource.path(model))
            .input(PIXELS)
            .output(TensorOutput.all())
            .build();
  }

  @AfterAll
  static void close() {
    teacher.close();
  }

  private static Block student() {
    return new SequentialBlock()
        .add(
            Conv2d.builder()
                .setFilters(16)
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .optStride(new Shape(2, 2))
                .build())
        .add(Activation.reluBlock())
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Distillation<float[], Integer> none() {
    return Distillation.fromValues();
  }

  private static TrainerBuilder<float[], Lesson<Integer>, float[]> trainer(
      Distillation<float[], Integer> lessons) {
    return Trainer.block(ValueDistillationTest::student)
        .input(PIXELS)
        .output(VectorOutput.floats())
        .loss(lessons.loss())
        .optimizer(Optimizer.adam(0.005))
        .batchSize(50);
  }

  private static Dataset<float[], Lesson<Integer>> lessons(
      Distillation<float[], Integer> distillation, int from, int to) {
    return distillation.of(Dataset.of(List.of(), List.of()), FashionData.slice(from, to).inputs());
  }

  private static double first(TrainedModel<?, ?> model) {
    return model.learningCurve().values("loss")[0];
  }

  private static double last(TrainedModel<?, ?> model) {
    double[] losses = model.learningCurve().values("loss");
    return losses[losses.length - 1];
  }

  @Test
  void eachLossOfInnerValues_getsSmaller_withoutALabel() {
    List<Distillation<float[], Integer>> all =
        List.of(
            none()
                .match(
                    Match.of(STUDENT_MAPS, ValueLoss.meanSquaredError()).projected(),
                    teacher,
                    MAPS),
            none().match(Match.of(STUDENT_MAPS, ValueLoss.attention()), teacher, MAPS),
            none().match(Match.of(STUDENT_MAPS, ValueLoss.similarity()), teacher, MAPS),
            none().match(Match.output(ValueLoss.distances()), teacher, HIDDEN),
            none().match(Match.output(ValueLoss.angles()), teacher, HIDDEN),
            none().match(Match.output(ValueLoss.contrastive(0.1)).projected(), teacher, HIDDEN),
            none().match(Match.output(ValueLoss.cosine()), teacher, "logits"));
    for (int i = 0; i < all.size(); i++) {
      try (TrainedModel<float[], float[]> model =
          trainer(all.get(i)).epochs(12).build().fit(lessons(all.get(i), 0, 300))) {
        assertThat(last(model)).as("match %d", i).isLessThan(0.8 * first(model));
      }
    }
  }

  @Test
  void scoresLabelsAndValuesOfTwoTeachers_teachTogether_andLeaveTheStudentBare()
      throws IOException {
    Predictor<float[], float[]> scores = Predictor.of(item -> logits(teacher.predict(item)));
    Distillation<float[], Integer> together =
        Distillation.<float[], Integer>from(scores, Loss.crossEntropy())
            .match(
                Match.of(STUDENT_MAPS, ValueLoss.meanSquaredError()).projected().weight(0.1),
                teacher,
                MAPS)
            .match(Match.output(ValueLoss.similarity()).weight(10), teacher, HIDDEN)
            .cache(own.resolve("answers"));
    Dataset<float[], Lesson<Integer>> training =
        together.of(FashionData.slice(0, 100), FashionData.slice(100, 600).inputs());
    Dataset<float[], Lesson<Integer>> held =
        together.cache(own.resolve("held")).of(FashionData.slice(600, 900));
    Trainer<float[], Lesson<Integer>, float[]> trainer =
        trainer(together)
            .metric("accuracy", ValueDistillationTest::accuracy)
            .earlyStopping(EarlyStopping.maximize("accuracy").patience(5))
            .checkpoint(own.resolve("checkpoint"))
            .epochs(15)
            .build();
    FitContext<float[], Lesson<Integer>> context =
        FitContext.<float[], Lesson<Integer>>defaults().validation(held);
    Path bare = own.resolve("student.onnx");
    try (TrainedModel<float[], float[]> model = trainer.fit(training, context)) {
      assertThat(accuracy(held.labels(), model.predictAll(held.inputs()))).isGreaterThan(0.7);
      model.export(bare);
    }
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(bare))) {
      assertThat(graph.graph().outputs()).hasSize(1);
      assertThat(graph.graph().weights()).noneMatch(weight -> weight.name().contains("projection"));
    }
    assertThat(Files.exists(own.resolve("answers.match0"))).isTrue();
    assertThat(Files.exists(own.resolve("answers.match1"))).isTrue();
  }

  @Test
  void graphStudent_isTaughtByATensorsName() {
    Distillation<float[], Integer> hint =
        none().match(Match.of("/Relu_output_0", ValueLoss.attention()), small(), "maps");
    Dataset<float[], Lesson<Integer>> training = lessons(hint, 0, 100);
    Trainer<float[], Lesson<Integer>, float[]> trainer =
        Trainer.graph(ModelSource.path(TestModels.file(TestModels.FASHION)))
            .input(PIXELS)
            .output(VectorOutput.floats())
            .loss(hint.loss())
            .optimizer(Optimizer.adam(0.005))
            .batchSize(25)
            .epochs(3)
            .build();
    try (TrainedModel<float[], float[]> model = trainer.fit(training)) {
      assertThat(last(model)).isLessThan(0.8 * first(model));
    }
  }

  /** A teacher that looks at the image itself. */
  private static Predictor<float[], Map<String, Tensor>> small() {
    return Predictor.of(item -> Map.of("maps", Tensor.of(item, 1, 28, 28)));
  }

  @Test
  void resumedTraining_hasTheSameProjection() {
    Distillation<float[], Integer> hint =
        none()
            .match(Match.of(STUDENT_MAPS, ValueLoss.meanSquaredError()).projected(), teacher, MAPS);
    Dataset<float[], Lesson<Integer>> training = lessons(hint, 0, 100);
    Path file = own.resolve("checkpoint");
    trainer(hint).epochs(1).checkpoint(file).build().fit(training).close();
    try (TrainedModel<float[], float[]> whole = trainer(hint).epochs(1).build().fit(training)) {
      AtomicInteger epochs = new AtomicInteger();
      FitContext<float[], Lesson<Integer>> counting =
          FitContext.<float[], Lesson<Integer>>defaults()
              .progress(step -> epochs.incrementAndGet());
      try (TrainedModel<float[], float[]> resumed =
          trainer(hint).epochs(1).checkpoint(file).resume(true).build().fit(training, counting)) {
        assertThat(epochs).hasValue(0);
        float[] item = training.inputs().get(0);
        assertThat(resumed.predict(item)).isEqualTo(whole.predict(item));
      }
    }
  }

  @Test
  void whatDoesNotFit_isRefusedBeforeTraining() {
    refuse(none().match(Match.of("02LambdaBlok", ValueLoss.attention()), teacher, MAPS))
        .hasMessageContaining("\"02LambdaBlok\"")
        .hasMessageContaining(STUDENT_MAPS);
    refuse(none().match(Match.of(STUDENT_MAPS, ValueLoss.meanSquaredError()), teacher, MAPS))
        .hasMessageContaining("16, 14, 14")
        .hasMessageContaining("32, 14, 14")
        .hasMessageContaining("project");
    refuse(none().match(Match.output(ValueLoss.attention()), teacher, MAPS))
        .hasMessageContaining("cannot be compared");
    refuse(none().match(Match.output(ValueLoss.cosine()).projected(), teacher, MAPS))
        .hasMessageContaining("cannot be projected");
    refuse(none().match(Match.output(ValueLoss.cosine()).averagedOver("mask"), teacher, "logits"))
        .hasMessageContaining("no input \"mask\"");
    refuse(none().match(Match.output(ValueLoss.cosine()), teacher, "logit"))
        .hasMessageContaining("the teacher gives no \"logit\"")
        .hasMessageContaining("logits");
    Predictor<float[], float[]> eleven = Predictor.of(item -> new float[11]);
    refuse(Distillation.from(eleven, Loss.crossEntropy()))
        .hasMessageContaining("teacher 0 gives 11 scores")
        .hasMessageContaining("10");
    assertThatThrownBy(() -> none().loss())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("add a teacher or a match");
    for (double wrong : new double[] {0, -1, 101, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> none().temperature(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("from 0.001 to 100");
    }
    assertThatThrownBy(() -> Match.output(ValueLoss.cosine()).weight(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refuse(
      Distillation<float[], Integer> distillation) {
    AtomicInteger steps = new AtomicInteger();
    Loss<Lesson<Integer>> counted =
        distillation
            .loss()
            .plus(
                1,
                (outputs, labels) -> {
                  steps.incrementAndGet();
                  return outputs.head().sum();
                });
    var refused =
        assertThatThrownBy(
                () ->
                    Trainer.block(ValueDistillationTest::student)
                        .input(PIXELS)
                        .output(VectorOutput.floats())
                        .loss(counted)
                        .epochs(1)
                        .build()
                        .fit(lessons(distillation, 0, 4))
                        .close())
            .isInstanceOf(IllegalArgumentException.class);
    assertThat(steps).hasValue(0);
    return refused;
  }

  @Test
  void innerOutputs_ofAnUnknownValue_namesNearOnes() {
    Path target = own.resolve("none.onnx");
    assertThatThrownBy(
            () ->
                InnerOutputs.save(
                    ModelSource.path(TestModels.file(TestModels.MINILM)),
                    target,
                    "/encoder/layer.3/output/LayerNorm/Add_1_output"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("/encoder/layer.3/output/LayerNorm/Add_1_output_0")
        .hasMessageContaining("nearest");
    assertThat(Files.exists(target)).isFalse();
  }

  private static float[] logits(Map<String, Tensor> answer) {
    return java.util.Objects.requireNonNull(answer.get("logits")).toFloats();
  }

  private static double accuracy(List<Lesson<Integer>> truth, List<float[]> scores) {
    return IntStream.range(0, truth.size())
            .filter(i -> truth.get(i).label().orElseThrow() == largest(scores.get(i)))
            .count()
        / (double) truth.size();
  }

  private static int largest(float[] values) {
    return IntStream.range(0, values.length)
        .reduce((a, b) -> values[b] > values[a] ? b : a)
        .orElseThrow();
  }
}

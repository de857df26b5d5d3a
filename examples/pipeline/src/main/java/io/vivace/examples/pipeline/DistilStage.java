package io.vivace.examples.pipeline;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorOutput;
import io.vivace.evaluate.report.TableReport;
import io.vivace.evaluate.search.Params;
import io.vivace.optimize.distill.Distillation;
import io.vivace.optimize.distill.Lesson;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.TrainerBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Stage 4: teaches the small network by the large one, beside one that sees classes alone. */
final class DistilStage {
  private static final double TEMPERATURE = 4;

  private final Prepared data;
  private final Params params;
  private final int epochs;

  private DistilStage(Prepared data, Params params, int epochs) {
    this.data = data;
    this.params = params;
    this.epochs = epochs;
  }

  static Contender run(
      Prepared data,
      Contender teacher,
      Params params,
      Settings settings,
      Path folder,
      PrintStream out)
      throws IOException {
    DistilStage stage = new DistilStage(data, params, settings.epochs());
    Path taught = folder.resolve("student.onnx");
    stage.taught(teacher, taught);
    Path alone = folder.resolve("student-alone.onnx");
    stage.alone(alone);
    Contender student = Contender.open("student", taught, data.input());
    try (Contender other = Contender.open("without a teacher", alone, data.input())) {
      out.println(
          TableReport.of(Judge.table(data.validation(), List.of(teacher, student, other)))
              .toText());
    }
    return student;
  }

  private void taught(Contender teacher, Path target) {
    Distillation<float[], Integer> lessons =
        Distillation.from(teacher.predictor(), Loss.crossEntropy()).temperature(TEMPERATURE);
    TrainerBuilder<float[], Lesson<Integer>, float[]> trainer =
        Lessons.block(params)
            .input(data.input())
            .output(VectorOutput.floats())
            .loss(lessons.loss())
            .optimizer(Optimizer.adam(params.real("rate")).schedule(Schedule.cosine()))
            .batchSize(Lessons.BATCH)
            .epochs(epochs)
            .metric("accuracy", DistilStage::accuracy);
    if (params.flag("augmented")) {
      trainer.augmentation(data.augmentation()::apply);
    }
    FitContext<float[], Lesson<Integer>> context =
        FitContext.<float[], Lesson<Integer>>defaults()
            .validation(lessons.of(data.validation()))
            .seed(Pipeline.SEED);
    try (TrainedModel<float[], float[]> student =
        trainer.build().fit(lessons.of(data.training()), context)) {
      student.export(target);
    }
  }

  private static double accuracy(List<Lesson<Integer>> lessons, List<float[]> scores) {
    return Judge.accuracy(
        lessons.stream().map(lesson -> lesson.label().orElseThrow()).toList(), scores);
  }

  private void alone(Path target) {
    try (TrainedModel<float[], float[]> student =
        Lessons.student(params, data, epochs).fit(data.training(), Lessons.context(data))) {
      student.export(target);
    }
  }
}

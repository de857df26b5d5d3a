package io.vivace.examples.benchmarks;

import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.TextInput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.distill.Distillation;
import io.vivace.optimize.distill.Lesson;
import io.vivace.optimize.distill.Match;
import io.vivace.optimize.distill.ValueLoss;
import io.vivace.optimize.prune.DepthPruning;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Two cuts of MiniLM, each without three of its six layers, taught by the whole one on texts
 * without labels: the mean cosine of both embeddings, on 50 sentences from elsewhere, beside the
 * same cut before that. The word table is frozen.
 *
 * <p>The texts are {@link WordnetTexts}, once through ({@code -Dvivace.texts} limits how many), or,
 * where no folder is named, the 200 sentences that the project has beside the 50, twelve times.
 * With {@code -Dvivace.choose=true} those 200 are what is judged on: settings are chosen so.
 */
final class SentenceDistillation {
  private static final String LAYER = "/encoder/layer.%d/output/LayerNorm/Add_1_output_0";
  private static final int HELD_OUT = 50;
  private static final int BATCH = 16;
  private static final int MANY = 12_000;

  /** Which layers go, and how the figure is called. */
  private record Cut(String figure, List<Integer> removed) {}

  /** Those without which the model answers best as it is, and every second one. */
  private static final List<Cut> CUTS =
      List.of(
          new Cut("minilm-3-layers-best-cut", List.of(1, 2, 3)),
          new Cut("minilm-3-layers", List.of(1, 3, 5)));

  private final String suite;
  private final boolean brief;

  SentenceDistillation(String suite, boolean brief) {
    this.suite = suite;
    this.brief = brief;
  }

  void run(Consumer<Figure> figures) throws IOException {
    List<String> sentences = sentences("/io/vivace/examples/benchmarks/sentences.txt");
    int known = sentences.size() - HELD_OUT;
    List<String> few = new ArrayList<>(sentences.subList(0, known));
    few.addAll(sentences("/io/vivace/examples/quickstart/sentences.txt"));
    List<String> test =
        Boolean.getBoolean("vivace.choose") ? few : sentences.subList(known, sentences.size());
    Course course = course(few);
    try (Predictor<String, float[]> teacher = Sentences.embedder()) {
      Distillation<String, Integer> lessons =
          Distillation.<String, Integer>fromValues()
              .match(Match.output(ValueLoss.cosine()).averagedOver("attention_mask"), teacher);
      Dataset<String, Lesson<Integer>> examples =
          lessons.of(Dataset.of(List.of(), List.of()), course.texts());
      for (Cut each : CUTS) {
        Path cut = cut(each.removed());
        double before = meanCosine(teacher, cut, test);
        Path taught = taught(cut, lessons.loss(), examples, course);
        report(each.figure(), before, meanCosine(teacher, taught, test), figures);
      }
    }
  }

  /** What is learnt from, and how. */
  private record Course(List<String> texts, int epochs, double rate, double warmUp) {
    Schedule schedule() {
      return warmUp > 0 ? Schedule.cosine().warmUp(warmUp) : Schedule.cosine();
    }
  }

  private Course course(List<String> few) throws IOException {
    String folder = System.getProperty("vivace.wordnet");
    if (folder == null) {
      return new Course(brief ? few.subList(0, BATCH) : few, brief ? 1 : 12, 1e-4, 0);
    }
    List<String> texts = WordnetTexts.read(Path.of(folder));
    int most = Math.min(texts.size(), Integer.getInteger("vivace.texts", MANY));
    return new Course(texts.subList(0, brief ? BATCH : most), 1, 5e-4, 0.1);
  }

  private void report(String figure, double before, double after, Consumer<Figure> figures) {
    figures.accept(Figure.higher(suite, figure, after, before, "cosine", "untrained"));
    figures.accept(Figure.higher(suite, figure + "-gain", after - before, 0.15, "cosine", "bar"));
  }

  private static Path cut(List<Integer> removed) throws IOException {
    DepthPruning pruning = DepthPruning.none();
    for (int layer : removed) {
      pruning = pruning.remove(end(layer - 1), end(layer));
    }
    Path target = Files.createTempFile("vivace-cut", ".onnx");
    target.toFile().deleteOnExit();
    Compression.of(ModelSource.path(Models.file(Models.MINILM)))
        .prune(pruning)
        .unchecked()
        .saveTo(target);
    return target;
  }

  private static String end(int layer) {
    return layer == 5 ? "last_hidden_state" : LAYER.formatted(layer);
  }

  private static Path taught(
      Path cut,
      Loss<Lesson<Integer>> loss,
      Dataset<String, Lesson<Integer>> examples,
      Course course)
      throws IOException {
    Trainer<String, Lesson<Integer>, float[]> trainer =
        Trainer.graph(ModelSource.path(cut))
            .input(tokens())
            .output(EmbeddingOutput.meanPooled().normalized())
            .loss(loss)
            .optimizer(Optimizer.adam(course.rate()).schedule(course.schedule()))
            .freeze(name -> name.startsWith("embeddings."))
            .batchSize(BATCH)
            .epochs(course.epochs())
            .build();
    Path target = Files.createTempFile("vivace-taught", ".onnx");
    target.toFile().deleteOnExit();
    FitContext<String, Lesson<Integer>> context =
        FitContext.<String, Lesson<Integer>>defaults()
            .seed(1)
            .progress(step -> System.err.println("sentences: " + step));
    try (TrainedModel<String, float[]> student = trainer.fit(examples, context)) {
      student.export(target);
    }
    return target;
  }

  private static TextInput tokens() {
    return TextInput.tokenizer(Models.file(Models.MINILM_TOKENIZER)).maxLength(256);
  }

  private static double meanCosine(
      Predictor<String, float[]> teacher, Path model, List<String> test) {
    List<float[]> wanted = teacher.predictAll(test);
    try (Predictor<String, float[]> student =
        Predictor.builder()
            .model(ModelSource.path(model))
            .input(tokens())
            .output(EmbeddingOutput.meanPooled().normalized())
            .build()) {
      List<float[]> found = student.predictAll(test);
      double sum = 0;
      for (int i = 0; i < test.size(); i++) {
        for (int c = 0; c < found.get(i).length; c++) {
          sum += wanted.get(i)[c] * found.get(i)[c];
        }
      }
      return sum / test.size();
    }
  }

  private static List<String> sentences(String resource) throws IOException {
    try (InputStream in = SentenceDistillation.class.getResourceAsStream(resource)) {
      byte[] text = Objects.requireNonNull(in, resource).readAllBytes();
      return new String(text, StandardCharsets.UTF_8).lines().toList();
    }
  }
}

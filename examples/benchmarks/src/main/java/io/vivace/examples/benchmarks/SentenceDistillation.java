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
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Two cuts of MiniLM, each without three of its six layers, taught by the whole one on 200
 * sentences without labels: the mean cosine of both embeddings, on 50 other sentences, beside the
 * same cut before that. The word table is frozen: so few sentences hold few words.
 */
final class SentenceDistillation {
  private static final String LAYER = "/encoder/layer.%d/output/LayerNorm/Add_1_output_0";
  private static final int HELD_OUT = 50;
  private static final int EPOCHS = 12;

  /** Which layers go: every second one, and those without which the cut answers best as it is. */
  private static final Map<String, List<Integer>> CUTS =
      new TreeMap<>(
          Map.of(
              "minilm-3-layers", List.of(1, 3, 5), "minilm-3-layers-best-cut", List.of(1, 2, 3)));

  private final String suite;
  private final boolean brief;

  SentenceDistillation(String suite, boolean brief) {
    this.suite = suite;
    this.brief = brief;
  }

  void run(Consumer<Figure> figures) throws IOException {
    List<String> sentences = sentences("/io/vivace/examples/benchmarks/sentences.txt");
    int known = sentences.size() - HELD_OUT;
    List<String> training = new ArrayList<>(sentences.subList(0, known));
    training.addAll(sentences("/io/vivace/examples/quickstart/sentences.txt"));
    List<String> test = sentences.subList(known, sentences.size());
    try (Predictor<String, float[]> teacher = Sentences.embedder()) {
      for (Map.Entry<String, List<Integer>> each : CUTS.entrySet()) {
        Path cut = cut(each.getValue());
        double before = meanCosine(teacher, cut, test);
        Path taught = taught(teacher, cut, brief ? training.subList(0, 16) : training);
        report(each.getKey(), before, meanCosine(teacher, taught, test), figures);
      }
    }
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

  private Path taught(Predictor<String, float[]> teacher, Path cut, List<String> sentences)
      throws IOException {
    Distillation<String, Integer> lessons =
        Distillation.<String, Integer>fromValues()
            .match(Match.output(ValueLoss.cosine()).averagedOver("attention_mask"), teacher);
    Trainer<String, Lesson<Integer>, float[]> trainer =
        Trainer.graph(ModelSource.path(cut))
            .input(tokens())
            .output(EmbeddingOutput.meanPooled().normalized())
            .loss(lessons.loss())
            .optimizer(Optimizer.adam(1e-4).schedule(Schedule.cosine()))
            .freeze(name -> name.startsWith("embeddings."))
            .batchSize(16)
            .epochs(brief ? 1 : EPOCHS)
            .build();
    Dataset<String, Lesson<Integer>> examples =
        lessons.of(Dataset.of(List.of(), List.of()), sentences);
    Path target = Files.createTempFile("vivace-taught", ".onnx");
    target.toFile().deleteOnExit();
    FitContext<String, Lesson<Integer>> context =
        FitContext.<String, Lesson<Integer>>defaults().seed(1);
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

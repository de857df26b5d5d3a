package io.vivace.examples.pipeline;

import io.vivace.core.Predictor;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.ClassificationOutput;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.core.observe.ServingStatistics;
import io.vivace.core.observe.ServingSummary;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Stage 10: serves a model to many callers at a time, with a deadline. */
final class ServeStage {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int PENDING = 4_000;

  private ServeStage() {}

  /** The answers, in the order of the requests. */
  static List<Classification> run(
      Path model,
      Preprocessor<float[]> input,
      Dataset<float[], Integer> images,
      int requests,
      PrintStream out) {
    ServingStatistics statistics = new ServingStatistics();
    try (Predictor<float[], Classification> served =
        Predictor.builder()
            .model(ModelSource.path(model))
            .input(input)
            .output(ClassificationOutput.softmax(Images.LABELS))
            .deadline(DEADLINE)
            .maxPending(PENDING)
            .listener(statistics)
            .build()) {
      List<CompletableFuture<Classification>> coming =
          IntStream.range(0, requests)
              .mapToObj(i -> served.predictAsync(images.inputs().get(i % images.size())))
              .toList();
      List<Classification> answers = coming.stream().map(CompletableFuture::join).toList();
      print(statistics.summary(), out);
      for (int i = 0; i < Math.min(3, requests); i++) {
        out.printf(
            "image %d: %s, in truth %s%n",
            i, answers.get(i).top(), Images.LABELS.get(images.labels().get(i % images.size())));
      }
      return answers;
    }
  }

  private static void print(ServingSummary summary, PrintStream out) {
    out.printf(
        "answered %,d, failed %s, turned away %s, in %,d runs of %.1f images%n",
        summary.completed(), summary.failed(), summary.shed(), summary.runs(), summary.meanBatch());
    out.printf("request: %s%nqueue:   %s%n", summary.total(), summary.queue());
  }
}

package io.vivace.examples.pipeline;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;

import io.vivace.core.data.Dataset;
import io.vivace.evaluate.Evaluator;
import io.vivace.evaluate.Figure;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.Scorer;
import io.vivace.evaluate.latency.Resource;
import io.vivace.evaluate.metric.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Puts models side by side: the first is the baseline, against which the others are tested. */
final class Judge {
  static final Scorer<Integer, float[]> SCORER =
      Scorer.classification(IntStream.range(0, Images.LABELS.size()).boxed().toList());

  private Judge() {}

  /** The metric of the trainers. */
  static double accuracy(List<Integer> truths, List<float[]> scores) {
    return ACCURACY.of(SCORER.batch(Labels.class, truths, scores));
  }

  static MetricTable table(Dataset<float[], Integer> data, List<Contender> contenders)
      throws IOException {
    Evaluator.Candidates<float[], Integer, float[]> judged =
        Evaluator.of(SCORER).metrics(ACCURACY, F1.macro()).candidate(contenders.get(0).candidate());
    Map<String, Figure> sizes = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      sizes.put(contender.name(), Figure.exact((double) Files.size(contender.file())));
      if (sizes.size() > 1) {
        judged = judged.candidate(contender.candidate());
      }
    }
    return judged.on(data).with(Resource.SIZE.column(), sizes);
  }
}

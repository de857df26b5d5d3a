package io.vivace.examples.pipeline;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;

import io.vivace.core.FitContext;
import io.vivace.evaluate.CrossValidation;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.report.TableReport;
import io.vivace.evaluate.search.Parameter;
import io.vivace.evaluate.search.Params;
import io.vivace.evaluate.search.Pruner;
import io.vivace.evaluate.search.Space;
import io.vivace.evaluate.search.Study;
import io.vivace.evaluate.search.Trial;
import io.vivace.evaluate.search.TrialResult;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stage 3: searches how a small network learns best, and checks the finding on other splits. */
final class SearchStage {
  private static final int FOLDS = 3;
  private static final Map<String, Object> GUESS =
      Map.of("rate", 0.002, "filters", 8, "augmented", false);
  private static final Space SPACE =
      Space.of(
          Parameter.real("rate", 0.0005, 0.02).log(),
          Parameter.integer("filters", 4, 12).step(4),
          Parameter.flag("augmented"));

  private final Prepared data;
  private final Settings settings;
  private final PrintStream out;

  private SearchStage(Prepared data, Settings settings, PrintStream out) {
    this.data = data;
    this.settings = settings;
    this.out = out;
  }

  /** The finding, or the first guess where cross-validation does not confirm it. */
  static Params run(Prepared data, Settings settings, PrintStream out) {
    return new SearchStage(data, settings, out).run();
  }

  private Params run() {
    Study study = search();
    Map<String, Params> rivals = new LinkedHashMap<>();
    rivals.put("first guess", SPACE.params(GUESS));
    rivals.put("found", study.bestParams());
    MetricTable folds = crossValidate(rivals);
    out.println(TableReport.of(folds).toText());
    boolean better =
        folds.cell("found", ACCURACY).value() > folds.cell("first guess", ACCURACY).value();
    String chosen = better ? "found" : "first guess";
    out.printf("%d-fold cross-validation of the training images: %s%n", FOLDS, chosen);
    return rivals.getOrDefault(chosen, study.bestParams());
  }

  private Study search() {
    Study study =
        Study.tpe()
            .trials(settings.trials())
            .seed(Pipeline.SEED)
            .pruner(Pruner.median().startup(2).warmup(1))
            .first(GUESS)
            .failFast()
            .maximize(SPACE, this::score);
    for (TrialResult trial : study.trials()) {
      out.printf(
          "trial %d  %-8s  accuracy %.4f  %s%n",
          trial.number(),
          trial.state(),
          trial.reports().get(trial.reports().lastKey()),
          trial.params());
    }
    return study;
  }

  private double score(Params params, Trial trial) {
    FitContext<float[], Integer> context =
        Lessons.context(data)
            .seed(trial.seed())
            .progress(trial.progress("accuracy"))
            .stopSignal(trial.stopSignal());
    try (TrainedModel<float[], float[]> model =
        Lessons.student(params, data, settings.searchEpochs())
            .fit(data.training().slice(0, data.training().size() / 2), context)) {
      return model.learningCurve().kept("accuracy");
    }
  }

  private MetricTable crossValidate(Map<String, Params> rivals) {
    Map<String, Trainer<float[], Integer, float[]>> trainers = new LinkedHashMap<>();
    rivals.forEach(
        (name, params) ->
            trainers.put(name, Lessons.student(params, data, settings.searchEpochs())));
    return CrossValidation.stratified(FOLDS)
        .seed(Pipeline.SEED)
        .validation(0.1)
        .threads(1)
        .table(trainers, data.training(), Judge.SCORER, ACCURACY);
  }
}

package io.vivace.evaluate.metric;

import static io.vivace.evaluate.metric.ClassificationMetrics.*;

import io.vivace.evaluate.metric.GoldenFile.DataSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Computes a figure that the golden file names, with our metrics. */
abstract class GoldenFigures {
  abstract double[] compute(String figure);

  static GoldenFigures of(DataSet set) {
    return switch (set.kind()) {
      case "labels" -> new OfLabels(set);
      case "scores" -> new OfScores(set);
      case "multi" -> new OfMultiLabels(set);
      case "multiscores" -> new OfMultiLabelScores(set);
      default -> throw new IllegalArgumentException(set.kind());
    };
  }

  static double[] one(double value) {
    return new double[] {value};
  }

  private static AveragedMetric<Labels> named(String name) {
    return switch (name) {
      case "precision" -> PRECISION;
      case "recall" -> RECALL;
      case "f1" -> F1;
      case "f0.5" -> fBeta(0.5);
      case "f2" -> fBeta(2);
      case "jaccard" -> JACCARD;
      default -> throw new IllegalArgumentException(name);
    };
  }

  static <B extends Batch> double[] averaged(AveragedMetric<B> metric, String[] words, B batch) {
    AveragedMetric<B> chosen =
        metric.undefined(
            switch (words[2]) {
              case "zero" -> UndefinedValue.ZERO;
              case "one" -> UndefinedValue.ONE;
              default -> UndefinedValue.NAN;
            });
    chosen =
        switch (words[3]) {
          case "seen" -> chosen;
          case "all" -> chosen.allClasses();
          default ->
              chosen.classes(
                  Arrays.stream(words[3].split(",", -1)).mapToInt(Integer::parseInt).toArray());
        };
    return switch (words[1]) {
      case "binary" -> one(chosen.binary().of(batch));
      case "binary0" -> one(chosen.positive(0).of(batch));
      case "micro" -> one(chosen.micro().of(batch));
      case "macro" -> one(chosen.macro().of(batch));
      case "weighted" -> one(chosen.weighted().of(batch));
      case "perclass" -> chosen.perClass(batch);
      default -> throw new IllegalArgumentException(words[1]);
    };
  }

  private static final class OfLabels extends GoldenFigures {
    private final Labels batch;

    OfLabels(DataSet set) {
      Labels plain = Labels.of(set.integers(1), set.integers(2), set.integer(0));
      batch = set.has(3) ? plain.weighted(set.numbers(3)) : plain;
    }

    @Override
    double[] compute(String figure) {
      return switch (figure) {
        case "accuracy" -> one(ACCURACY.of(batch));
        case "hamming" -> one(HAMMING_LOSS.of(batch));
        case "balanced" -> one(BALANCED_ACCURACY.of(batch));
        case "adjusted" -> one(ADJUSTED_BALANCED_ACCURACY.of(batch));
        case "mcc" -> one(MATTHEWS_CORRELATION.of(batch));
        case "kappa none" -> one(COHEN_KAPPA.of(batch));
        case "kappa linear" -> one(COHEN_KAPPA.linear().of(batch));
        case "kappa quadratic" -> one(COHEN_KAPPA.quadratic().of(batch));
        case "kappa-undefined one" -> one(COHEN_KAPPA.undefined(UndefinedValue.ONE).of(batch));
        case "confusion none" -> cells(ConfusionMatrix.of(batch));
        case "confusion true" -> cells(ConfusionMatrix.of(batch).normalizedByTruth());
        case "confusion pred" -> cells(ConfusionMatrix.of(batch).normalizedByPrediction());
        case "confusion all" -> cells(ConfusionMatrix.of(batch).normalized());
        case "report" -> report();
        default -> {
          String[] words = figure.split(" ", -1);
          yield averaged(named(words[0]), words, batch);
        }
      };
    }

    private static double[] cells(ConfusionMatrix matrix) {
      List<Double> cells = new ArrayList<>();
      for (int t = 0; t < matrix.classes(); t++) {
        for (int p = 0; p < matrix.classes(); p++) {
          cells.add(matrix.get(t, p));
        }
      }
      return cells.stream().mapToDouble(cell -> cell).toArray();
    }

    private double[] report() {
      ClassificationReport report = ClassificationReport.of(batch);
      List<Double> all = new ArrayList<>();
      report.classes().forEach(row -> add(all, row));
      all.add(report.accuracy());
      add(all, report.macro());
      add(all, report.weighted());
      return all.stream().mapToDouble(value -> value).toArray();
    }

    private static void add(List<Double> all, ClassificationReport.Row row) {
      all.addAll(List.of(row.precision(), row.recall(), row.f1(), row.support()));
    }
  }

  private static final class OfScores extends GoldenFigures {
    private final Scores batch;

    OfScores(DataSet set) {
      int[] truth = set.integers(3);
      double[] scores = set.numbers(4);
      int classes = set.integer(0);
      boolean isBinary = set.integer(1) == 1;
      Scores plain;
      if (set.integer(2) == 1) {
        float[] single = new float[scores.length];
        for (int i = 0; i < single.length; i++) {
          single[i] = (float) scores[i];
        }
        plain = isBinary ? Scores.binary(truth, single) : Scores.of(truth, single, classes);
      } else {
        plain = isBinary ? Scores.binary(truth, scores) : Scores.of(truth, scores, classes);
      }
      batch = set.has(5) ? plain.weighted(set.numbers(5)) : plain;
    }

    @Override
    double[] compute(String figure) {
      String[] words = figure.split(" ", -1);
      return switch (words[0]) {
        case "roc_auc" -> one(ROC_AUC.of(batch));
        case "partial" -> one(ROC_AUC.partial(Double.parseDouble(words[1])).of(batch));
        case "roc" -> area(ROC_AUC, words);
        case "ap" -> area(AVERAGE_PRECISION, words);
        case "pr_trapezoid" -> one(PR_AUC_TRAPEZOID.of(batch));
        case "pr_interpolated" -> one(PR_AUC_INTERPOLATED.of(batch));
        case "pr_curve" -> precisionRecall();
        case "roc_curve" -> roc(words[1].equals("corners"));
        case "log_loss" -> one(LOG_LOSS.of(batch));
        case "brier" -> one(brier(figure).of(batch));
        case "calibration" -> calibration(binning(words[1], words[2]));
        case "ece" -> one(calibrationError(words).of(batch));
        case "topk" -> one(topKAccuracy(Integer.parseInt(words[1])).of(batch));
        default -> throw new IllegalArgumentException(figure);
      };
    }

    private double[] area(CurveArea metric, String[] words) {
      return switch (words[words.length - 1]) {
        case "macro" ->
            one((words[1].equals("ovo") ? metric.oneVsOne() : metric).macro().of(batch));
        case "weighted" ->
            one((words[1].equals("ovo") ? metric.oneVsOne() : metric).weighted().of(batch));
        case "micro" -> one(metric.micro().of(batch));
        case "perclass" -> metric.perClass(batch);
        default -> one(metric.of(batch));
      };
    }

    private static BrierScore brier(String figure) {
      return figure.endsWith("half")
          ? BRIER.halved()
          : figure.endsWith("full") ? BRIER.unhalved() : BRIER;
    }

    private static Binning binning(String kind, String bins) {
      int number = Integer.parseInt(bins);
      return kind.equals("uniform") ? Binning.uniform(number) : Binning.quantile(number);
    }

    private static CalibrationError calibrationError(String[] words) {
      Binning binning = binning(words[2], words[3]);
      CalibrationError metric =
          ECE.binning(words[5].equals("lower") ? binning.lowerClosed() : binning);
      metric =
          switch (words[1]) {
            case "top" -> metric.topClass();
            case "classwise" -> metric.classWise();
            default -> metric.binary();
          };
      return switch (words[4]) {
        case "l1" -> metric.l1();
        case "l2" -> metric.l2();
        case "max" -> metric.max();
        default -> metric.debiased();
      };
    }

    private double[] calibration(Binning binning) {
      List<CalibrationCurve.Point> points = CalibrationCurve.of(batch, binning).points();
      return DoubleStream.concat(
              points.stream().mapToDouble(CalibrationCurve.Point::positiveRate),
              points.stream().mapToDouble(CalibrationCurve.Point::meanProbability))
          .toArray();
    }

    private double[] roc(boolean cornersOnly) {
      RocCurve curve = cornersOnly ? RocCurve.of(batch) : RocCurve.complete(batch);
      return joined(curve.falsePositiveRates(), curve.truePositiveRates(), curve.thresholds());
    }

    private double[] precisionRecall() {
      PrecisionRecallCurve curve = PrecisionRecallCurve.of(batch);
      return joined(curve.precisions(), curve.recalls(), curve.thresholds());
    }

    private static double[] joined(double[]... arrays) {
      return Arrays.stream(arrays).flatMapToDouble(Arrays::stream).toArray();
    }
  }

  private static final class OfMultiLabels extends GoldenFigures {
    private final MultiLabels batch;

    OfMultiLabels(DataSet set) {
      MultiLabels plain = MultiLabels.of(set.bits(1), set.bits(2), set.integer(0));
      batch = set.has(3) ? plain.weighted(set.numbers(3)) : plain;
    }

    @Override
    double[] compute(String figure) {
      String[] words = figure.split(" ", -1);
      return switch (words[0]) {
        case "subset" -> one(SUBSET_ACCURACY.of(batch));
        case "hamming" -> one(MULTI_LABEL_HAMMING_LOSS.of(batch));
        default ->
            words[1].equals("samples")
                ? samples(named(words[0]), words)
                : averaged(named(words[0]).multiLabel(), words, batch);
      };
    }

    private double[] samples(AveragedMetric<Labels> metric, String[] words) {
      AveragedMetric<MultiLabels> samples =
          metric
              .samples()
              .undefined(
                  switch (words[2]) {
                    case "zero" -> UndefinedValue.ZERO;
                    case "one" -> UndefinedValue.ONE;
                    default -> UndefinedValue.NAN;
                  });
      if (!words[3].equals("seen")) {
        samples =
            samples.classes(
                Arrays.stream(words[3].split(",", -1)).mapToInt(Integer::parseInt).toArray());
      }
      return one(samples.of(batch));
    }
  }

  private static final class OfMultiLabelScores extends GoldenFigures {
    private final MultiLabelScores batch;

    OfMultiLabelScores(DataSet set) {
      MultiLabelScores plain = MultiLabelScores.of(set.bits(1), set.numbers(2), set.integer(0));
      batch = set.has(3) ? plain.weighted(set.numbers(3)) : plain;
    }

    @Override
    double[] compute(String figure) {
      String[] words = figure.split(" ", -1);
      return switch (words[0]) {
        case "lrap" -> one(LABEL_RANKING_AVERAGE_PRECISION.of(batch));
        case "coverage" -> one(COVERAGE_ERROR.of(batch));
        case "ranking_loss" -> one(LABEL_RANKING_LOSS.of(batch));
        case "label" -> {
          Scores label = batch.ofLabel(Integer.parseInt(words[1]));
          yield one(words[2].equals("ap") ? AVERAGE_PRECISION.of(label) : ROC_AUC.of(label));
        }
        case "multilabel" ->
            area((words[1].equals("ap") ? AVERAGE_PRECISION : ROC_AUC).multiLabel(), words[2]);
        default -> throw new IllegalArgumentException(figure);
      };
    }

    private double[] area(MultiLabelArea metric, String mean) {
      return switch (mean) {
        case "macro" -> one(metric.of(batch));
        case "micro" -> one(metric.micro().of(batch));
        case "weighted" -> one(metric.weighted().of(batch));
        case "samples" -> one(metric.samples().of(batch));
        default -> metric.perLabel(batch);
      };
    }
  }
}

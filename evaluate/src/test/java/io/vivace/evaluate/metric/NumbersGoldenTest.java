package io.vivace.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vivace.evaluate.GoldenJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Regression, ranking, clustering and embedding metrics against scikit-learn 1.9.1, SciPy 1.17.1
 * and statsmodels 0.15.0; sMAPE and what scikit-learn lacks of retrieval against their formulas in
 * NumPy, of which torchmetrics 1.9.0 confirms those that it computes (see METRICS.md). Every value
 * is also computed in two parts that are merged in the other order and stored in between, and must
 * be the same to the last bit.
 */
class NumbersGoldenTest {
  private static final JsonObject GOLDEN =
      GoldenJson.object(NumbersGoldenTest.class, "numbers.json");
  private static final double[] OUTPUT_WEIGHTS = {0.5, 1, 1.5};

  private static int[] ints(JsonElement array) {
    return new Gson().fromJson(array, int[].class);
  }

  /**
   * The difference in units of the tolerance, relative to the size of the value or to 1 if that is
   * greater.
   */
  private static @Nullable String fault(String name, double actual, double expected) {
    boolean same =
        Double.compare(actual, expected) == 0
            || Math.abs(actual - expected) <= 1e-12 * Math.max(1e-3, Math.abs(expected));
    return same ? null : "%s: %s instead of %s".formatted(name, actual, expected);
  }

  private static <B extends Batch> double inParts(Metric<B> metric, B batch) {
    double whole = metric.of(batch);
    if (batch.size() > 1) {
      int half = batch.size() / 2;
      MetricState<B> first = metric.newState();
      first.update(metric.batchType().cast(batch.select(IntStream.range(0, half).toArray())));
      MetricState<B> second = metric.newState();
      second.update(
          metric.batchType().cast(batch.select(IntStream.range(half, batch.size()).toArray())));
      MetricState<B> merged = metric.restore(second.toBytes());
      merged.merge(first);
      assertThat(Double.compare(merged.compute(), whole)).as(metric.identity()).isZero();
    }
    return whole;
  }

  @Test
  void regression_everyCase_equalsScikitLearn() {
    JsonArray datasets = GOLDEN.getAsJsonObject("regression").getAsJsonArray("datasets");
    List<String> faults = new ArrayList<>();
    for (JsonElement element : GOLDEN.getAsJsonObject("regression").getAsJsonArray("cases")) {
      JsonArray row = element.getAsJsonArray();
      JsonObject data = datasets.get(row.get(0).getAsInt()).getAsJsonObject();
      Values batch =
          Values.of(
              GoldenJson.doubles(data.get("y")),
              GoldenJson.doubles(data.get("p")),
              data.get("outputs").getAsInt());
      if (!data.get("w").isJsonNull()) {
        batch = batch.weighted(GoldenJson.doubles(data.get("w")));
      }
      String name = row.get(1).getAsString();
      double actual = inParts(regression(name, batch.outputs()), batch);
      String fault = fault(row.get(0) + " " + name, actual, row.get(2).getAsDouble());
      if (fault != null) {
        faults.add(fault);
      }
    }
    assertThat(faults).isEmpty();
  }

  private static RegressionMetric regression(String key, int outputs) {
    String[] parts = key.split("\\|", -1);
    RegressionMetric metric = plain(parts[0]);
    if (parts.length == 1) {
      return metric;
    }
    return switch (parts[1]) {
      case "output1" -> metric.output(1);
      case "weights" -> metric.outputWeights(Arrays.copyOf(OUTPUT_WEIGHTS, outputs));
      default -> metric.varianceWeighted();
    };
  }

  private static RegressionMetric plain(String name) {
    String[] parts = name.split(":", -1);
    double option = parts.length > 1 ? Double.parseDouble(parts[1]) : 0;
    return switch (parts[0]) {
      case "mse" -> RegressionMetrics.MSE;
      case "rmse" -> RegressionMetrics.RMSE;
      case "mae" -> RegressionMetrics.MAE;
      case "mape" -> RegressionMetrics.MAPE;
      case "smape" -> RegressionMetrics.SMAPE;
      case "msle" -> RegressionMetrics.MSLE;
      case "rmsle" -> RegressionMetrics.RMSLE;
      case "median" -> RegressionMetrics.MEDIAN_AE;
      case "max" -> RegressionMetrics.MAX_ERROR;
      case "r2" -> RegressionMetrics.R2;
      case "r2raw" -> RegressionMetrics.R2_UNBOUNDED;
      case "ev" -> RegressionMetrics.EXPLAINED_VARIANCE;
      case "d2abs" -> RegressionMetrics.D2_ABSOLUTE_ERROR;
      case "pearson" -> RegressionMetrics.PEARSON;
      case "spearman" -> RegressionMetrics.SPEARMAN;
      case "pinball" -> RegressionMetrics.pinball(option);
      case "d2pinball" -> RegressionMetrics.d2Pinball(option);
      case "huber" -> RegressionMetrics.huber(option);
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Test
  void ranking_everyCase_equalsScikitLearn() {
    JsonArray datasets = GOLDEN.getAsJsonObject("ranking").getAsJsonArray("datasets");
    List<String> faults = new ArrayList<>();
    for (JsonElement element : GOLDEN.getAsJsonObject("ranking").getAsJsonArray("cases")) {
      JsonArray row = element.getAsJsonArray();
      JsonObject data = datasets.get(row.get(0).getAsInt()).getAsJsonObject();
      Rankings batch =
          Rankings.of(GoldenJson.rows(data.get("rel")), GoldenJson.rows(data.get("sc")));
      if (!data.get("w").isJsonNull()) {
        batch = batch.weighted(GoldenJson.doubles(data.get("w")));
      }
      String name = row.get(1).getAsString();
      String fault =
          fault(row.get(0) + " " + name, inParts(ranking(name), batch), row.get(2).getAsDouble());
      if (fault != null) {
        faults.add(fault);
      }
    }
    assertThat(faults).isEmpty();
  }

  private static Metric<Rankings> ranking(String key) {
    boolean skip = key.endsWith("|skip");
    String[] parts = key.replace("|skip", "").split("@", -1);
    int k = parts.length > 1 ? Integer.parseInt(parts[1]) : Integer.MAX_VALUE;
    return switch (parts[0]) {
      case "ndcg" -> RankingMetrics.NDCG.at(k);
      case "ndcg-ignore" -> RankingMetrics.NDCG.at(k).ignoringTies();
      case "ndcg-exp" -> RankingMetrics.NDCG.at(k).exponentialGain();
      case "dcg" -> RankingMetrics.DCG.at(k);
      default -> {
        RetrievalMetric metric =
            switch (parts[0]) {
              case "mrr" -> RankingMetrics.MRR;
              case "map" -> RankingMetrics.MAP;
              case "recall" -> RankingMetrics.RECALL;
              case "precision" -> RankingMetrics.PRECISION;
              case "hit" -> RankingMetrics.HIT_RATE;
              default -> throw new IllegalArgumentException(key);
            };
        yield skip ? metric.at(k).emptyQuery(UndefinedValue.NAN) : metric.at(k);
      }
    };
  }

  @Test
  void clustering_everyCase_equalsScikitLearn() {
    List<String> faults = new ArrayList<>();
    for (JsonElement element : GOLDEN.getAsJsonArray("clustering")) {
      JsonObject row = element.getAsJsonObject();
      int[] truth = ints(row.get("t"));
      int[] clusters = ints(row.get("p"));
      int most = IntStream.concat(IntStream.of(truth), IntStream.of(clusters)).max().getAsInt();
      Labels batch = Labels.of(truth, clusters, most + 1);
      faults.add(check("ari", ClusteringMetrics.ADJUSTED_RAND, batch, row));
      faults.add(check("hom", ClusteringMetrics.HOMOGENEITY, batch, row));
      faults.add(check("com", ClusteringMetrics.COMPLETENESS, batch, row));
      for (NormalizedInformation.Mean mean : NormalizedInformation.Mean.values()) {
        faults.add(check(mean.name(), ClusteringMetrics.NMI.mean(mean), batch, row));
      }
    }
    assertThat(faults).containsOnlyNulls();
  }

  private static @Nullable String check(
      String key, Metric<Labels> metric, Labels batch, JsonObject row) {
    return fault(key, inParts(metric, batch), row.get(key).getAsDouble());
  }

  @Test
  void silhouette_everyCase_equalsScikitLearn() {
    for (JsonElement element : GOLDEN.getAsJsonArray("silhouette")) {
      JsonObject row = element.getAsJsonObject();
      Clusters batch =
          Clusters.of(
              GoldenJson.doubles(row.get("x")), row.get("d").getAsInt(), ints(row.get("l")));
      double actual = ClusteringMetrics.SILHOUETTE.of(batch);
      assertThat(fault("silhouette", actual, row.get("s").getAsDouble())).isNull();
    }
  }

  @Test
  void embeddings_everyCase_equalsScikitLearnAndScipy() {
    for (JsonElement element : GOLDEN.getAsJsonArray("embedding")) {
      JsonObject row = element.getAsJsonObject();
      Embeddings batch =
          Embeddings.of(
              new Gson().fromJson(row.get("a"), float[][].class),
              new Gson().fromJson(row.get("b"), float[][].class));
      if (!row.get("cos").isJsonNull()) {
        double actual = inParts(EmbeddingMetrics.COSINE_FIDELITY, batch);
        assertThat(fault("cosine", actual, row.get("cos").getAsDouble())).isNull();
      }
      if (!row.get("sp").isJsonNull()) {
        double actual = inParts(EmbeddingMetrics.PAIR_SIMILARITY, batch);
        assertThat(fault("pairs", actual, row.get("sp").getAsDouble())).isNull();
      }
    }
  }
}

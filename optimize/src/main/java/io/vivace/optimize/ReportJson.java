package io.vivace.optimize;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vivace.core.observe.LatencySummary;
import java.util.List;
import java.util.function.Function;

/** A report as JSON. */
final class ReportJson {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private ReportJson() {}

  static String of(CompressionReport report) {
    JsonObject root = new JsonObject();
    root.addProperty("model", report.model());
    root.add("passes", JSON.toJsonTree(report.passes()));
    root.add("before", size(report.before()));
    root.add("after", size(report.after()));
    count(root, "packedBytes", report.packedBytes());
    root.add("layers", array(report.layers(), ReportJson::layer));
    root.add("differences", array(report.differences(), ReportJson::difference));
    if (report.latency().before().count() > 0) {
      root.add("latencyBefore", latency(report.latency().before()));
      root.add("latencyAfter", latency(report.latency().after()));
    }
    SearchResult search = report.search();
    if (search != null) {
      root.add("search", search(search));
    }
    root.addProperty("validation", report.validation());
    root.addProperty("seconds", report.duration().toNanos() / 1e9);
    return JSON.toJson(root);
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonElement> form) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(form.apply(item)));
    return array;
  }

  private static JsonObject size(ModelSize size) {
    JsonObject object = new JsonObject();
    object.addProperty("bytes", size.bytes());
    object.addProperty("parameters", size.parameters());
    count(object, "nonZeros", size.nonZeros());
    count(object, "macs", size.macs());
    object.addProperty("nodes", size.nodes());
    object.add("operators", JSON.toJsonTree(size.operators()));
    return object;
  }

  private static JsonObject layer(LayerDifference layer) {
    JsonObject object = new JsonObject();
    object.addProperty("weight", layer.weight());
    object.add("shape", JSON.toJsonTree(layer.shape().toArray()));
    number(object, "zeros", layer.zeros());
    number(object, "signalToNoiseDecibels", layer.signalToNoiseDecibels());
    return object;
  }

  private static JsonObject difference(OutputDifference difference) {
    JsonObject object = new JsonObject();
    object.addProperty("output", difference.output());
    object.addProperty("elements", difference.elements());
    number(object, "signalToNoiseDecibels", difference.signalToNoiseDecibels());
    number(object, "cosine", difference.cosine());
    number(object, "largestError", difference.largestError());
    return object;
  }

  private static JsonObject latency(LatencySummary summary) {
    JsonObject object = new JsonObject();
    object.addProperty("calls", summary.count());
    number(object, "p50Nanos", summary.p50Nanos());
    number(object, "p90Nanos", summary.p90Nanos());
    number(object, "p99Nanos", summary.p99Nanos());
    return object;
  }

  private static JsonObject search(SearchResult search) {
    JsonObject object = new JsonObject();
    object.addProperty("limits", search.limits());
    object.addProperty("goalMet", search.isGoalMet());
    object.addProperty("trials", search.trials());
    number(object, "originalQuality", search.originalQuality());
    number(object, "originalLatencyNanos", search.originalLatencyNanos());
    object.add("best", trial(search.best()));
    object.add("front", array(search.front(), ReportJson::trial));
    return object;
  }

  private static JsonObject trial(SearchTrial trial) {
    JsonObject object = new JsonObject();
    object.addProperty("bytes", trial.bytes());
    object.addProperty("nonZeros", trial.nonZeros());
    number(object, "quality", trial.quality());
    number(object, "latencyNanos", trial.latencyNanos());
    object.add("plan", JSON.toJsonTree(trial.plan()));
    return object;
  }

  private static void count(JsonObject object, String name, long value) {
    if (value >= 0) {
      object.addProperty(name, value);
    }
  }

  private static void number(JsonObject object, String name, double value) {
    if (Double.isFinite(value)) {
      object.addProperty(name, value);
    }
  }
}

package io.vivace.evaluate.search;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The events of a study as JSON, and what those of a journal say about each trial. */
final class JournalEvents {
  private static final int VERSION = 1;

  /** A trial of the journal; without a result if it did not end. */
  static final class Restored {
    final Params params;
    final SortedMap<Integer, Double> reports = new TreeMap<>();
    @Nullable TrialResult result;

    Restored(Params params) {
      this.params = params;
    }
  }

  private final Space space;
  private final Map<Integer, Restored> trials = new LinkedHashMap<>();

  JournalEvents(Space space) {
    this.space = space;
  }

  Map<Integer, Restored> trials() {
    return trials;
  }

  static JsonObject header(Space space, List<Direction> directions, StudyOptions options) {
    JsonObject json = new JsonObject();
    json.addProperty("vivace-study", VERSION);
    json.add("space", TrialJson.names(space.parameters().toArray()));
    json.add("directions", TrialJson.names(directions.toArray()));
    json.addProperty("seed", options.seed);
    json.addProperty("lag", options.lag);
    json.addProperty("sampler", options.sampler.toString());
    json.addProperty("pruner", options.pruner.toString());
    json.add("first", TrialJson.names(options.first.toArray()));
    return json;
  }

  static JsonObject start(int number, Params params) {
    JsonObject json = event("start", number);
    json.add("params", TrialJson.params(params));
    return json;
  }

  static JsonObject report(int number, int step, double value) {
    JsonObject json = event("report", number);
    json.addProperty("step", step);
    json.add("value", TrialJson.number(value));
    return json;
  }

  static JsonObject end(TrialResult result) {
    JsonObject json = event("end", result.number());
    TrialJson.addOutcome(json, result);
    return json;
  }

  private static JsonObject event(String name, int number) {
    JsonObject json = new JsonObject();
    json.addProperty("event", name);
    json.addProperty("trial", number);
    return json;
  }

  void replay(JsonObject event) {
    int number = event.get("trial").getAsInt();
    String name = event.get("event").getAsString();
    if (name.equals("start")) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonElement> entry : event.getAsJsonObject("params").entrySet()) {
        values.put(entry.getKey(), TrialJson.value(entry.getValue()));
      }
      trials.put(number, new Restored(space.params(values)));
      return;
    }
    Restored trial = trials.get(number);
    if (trial == null || trial.result != null) {
      throw new IllegalArgumentException("trial " + number + " is not running there");
    }
    switch (name) {
      case "report" ->
          trial.reports.put(event.get("step").getAsInt(), event.get("value").getAsDouble());
      case "end" -> trial.result = result(number, trial, event);
      default -> throw new IllegalArgumentException("unknown event \"" + name + "\"");
    }
  }

  private static TrialResult result(int number, Restored trial, JsonObject event) {
    Map<String, Double> constraints = new LinkedHashMap<>();
    JsonObject broken = event.getAsJsonObject("constraints");
    if (broken != null) {
      broken.entrySet().forEach(e -> constraints.put(e.getKey(), e.getValue().getAsDouble()));
    }
    JsonElement failure = event.get("failure");
    return new TrialResult(
        number,
        trial.params,
        TrialState.valueOf(event.get("state").getAsString()),
        TrialJson.numbers(event.getAsJsonArray("values")),
        trial.reports,
        constraints,
        failure == null ? null : failure.getAsString());
  }
}

package io.vivace.evaluate.search;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Trials as JSON. Numbers that JSON does not know are written as strings. */
final class TrialJson {
  private TrialJson() {}

  static JsonElement number(double value) {
    return Double.isFinite(value)
        ? new JsonPrimitive(value)
        : new JsonPrimitive(Double.toString(value));
  }

  static JsonObject params(Params params) {
    JsonObject json = new JsonObject();
    params
        .asMap()
        .forEach(
            (name, value) -> {
              if (value instanceof Number n) {
                json.add(name, new JsonPrimitive(n));
              } else if (value instanceof Boolean b) {
                json.addProperty(name, b);
              } else {
                json.addProperty(name, value.toString());
              }
            });
    return json;
  }

  /** The values of a map that {@link Space#params(Map)} understands. */
  static Object value(JsonElement json) {
    JsonPrimitive primitive = json.getAsJsonPrimitive();
    if (primitive.isNumber()) {
      return primitive.getAsDouble();
    }
    return primitive.isBoolean() ? (Object) primitive.getAsBoolean() : primitive.getAsString();
  }

  static JsonArray numbers(List<Double> values) {
    JsonArray json = new JsonArray();
    values.forEach(value -> json.add(number(value)));
    return json;
  }

  static List<Double> numbers(JsonArray json) {
    List<Double> values = new ArrayList<>();
    json.forEach(element -> values.add(element.getAsDouble()));
    return values;
  }

  static JsonObject named(Map<?, Double> values) {
    JsonObject json = new JsonObject();
    values.forEach((name, value) -> json.add(name.toString(), number(value)));
    return json;
  }

  /** Adds all of a result but its point. */
  static void addOutcome(JsonObject json, TrialResult result) {
    json.addProperty("state", result.state().name());
    json.add("values", numbers(result.values()));
    if (!result.constraints().isEmpty()) {
      json.add("constraints", named(result.constraints()));
    }
    if (result.failure() != null) {
      json.addProperty("failure", result.failure());
    }
  }

  /** One line of the trial log. */
  static String line(TrialResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("trial", result.number());
    json.add("params", params(result.params()));
    addOutcome(json, result);
    if (!result.reports().isEmpty()) {
      json.add("reports", named(result.reports()));
    }
    return json.toString();
  }

  static JsonArray names(Object[] values) {
    JsonArray json = new JsonArray();
    Arrays.stream(values).map(Object::toString).forEach(json::add);
    return json;
  }
}

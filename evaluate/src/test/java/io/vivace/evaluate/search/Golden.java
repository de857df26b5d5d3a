package io.vivace.evaluate.search;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vivace.evaluate.GoldenJson;

/** Values that others computed; the README beside them says how. */
final class Golden {
  static final JsonObject ALL = GoldenJson.object(Golden.class, "golden.json");

  private Golden() {}

  static double[] row(JsonElement json) {
    return GoldenJson.doubles(json);
  }

  static double[][] rows(JsonElement json) {
    return GoldenJson.rows(json);
  }

  static JsonArray cases(String name) {
    return ALL.getAsJsonArray(name);
  }

  static JsonObject part(String name) {
    return ALL.getAsJsonObject(name);
  }
}

package io.vivace.evaluate.search;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Values that others computed; the README beside them says how. */
final class Golden {
  private static final Gson GSON = new Gson();
  static final JsonObject ALL = read("golden.json");

  private Golden() {}

  static JsonObject read(String name) {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(Golden.class.getResourceAsStream(name), name),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static double[] row(JsonElement json) {
    return GSON.fromJson(json, double[].class);
  }

  static double[][] rows(JsonElement json) {
    return GSON.fromJson(json, double[][].class);
  }

  static JsonArray cases(String name) {
    return ALL.getAsJsonArray(name);
  }

  static JsonObject part(String name) {
    return ALL.getAsJsonObject(name);
  }
}

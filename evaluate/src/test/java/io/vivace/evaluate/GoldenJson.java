package io.vivace.evaluate;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads values that others computed and that lie beside a test. */
public final class GoldenJson {
  private static final Gson GSON = new Gson();

  private GoldenJson() {}

  /** Reads an object. */
  public static JsonObject object(Class<?> test, String name) {
    return read(test, name).getAsJsonObject();
  }

  /** Reads an object or an array. */
  public static JsonElement read(Class<?> test, String name) {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(test.getResourceAsStream(name), name), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of an array. */
  public static double[] doubles(JsonElement array) {
    return GSON.fromJson(array, double[].class);
  }

  /** The numbers of an array of arrays. */
  public static double[][] rows(JsonElement array) {
    return GSON.fromJson(array, double[][].class);
  }
}

package io.vivace.core.data;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.vivace.core.internal.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The JSON form of a transform: a format number, and steps with a type and arrays of numbers. */
final class FeatureFile {
  private static final int FORMAT = 1;
  private static final long LARGEST = 1L << 28;
  private static final Gson JSON = new GsonBuilder().create();

  private FeatureFile() {}

  static String format(JsonArray steps) {
    JsonObject root = new JsonObject();
    root.addProperty("format", FORMAT);
    root.add("steps", steps);
    return JSON.toJson(root);
  }

  static void save(String json, Path file) throws IOException {
    WholeFile.write(file, json);
  }

  static String text(Path file) throws IOException {
    long size = Files.size(file);
    if (size > LARGEST) {
      throw new MalformedDataException(
          String.format("%s has %,d bytes; at most %,d are read", file, size, LARGEST));
    }
    return Files.readString(file);
  }

  static FeatureTransform load(Path file) throws IOException {
    String text = text(file);
    try {
      return parse(text, file.toString());
    } catch (IllegalArgumentException e) {
      throw new MalformedDataException(String.valueOf(e.getMessage()), e);
    }
  }

  static FeatureTransform parse(String json, String name) {
    FeatureTransform all = null;
    for (JsonElement step : steps(json, name)) {
      FeatureTransform next = step(step, name);
      if (all != null && all.outputs() != next.features()) {
        throw fault(
            name, "a step gives " + all.outputs() + " features, the next takes " + next.features());
      }
      all = all == null ? next : all.then(next);
    }
    if (all == null) {
      throw fault(name, "there is no step");
    }
    return all;
  }

  private static JsonArray steps(String json, String name) {
    try {
      JsonObject root = JsonParser.parseString(json).getAsJsonObject();
      int format = root.get("format").getAsInt();
      if (format != FORMAT) {
        throw fault(name, "format " + format + " is not known; this version reads " + FORMAT);
      }
      return root.getAsJsonArray("steps");
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException
        | ClassCastException e) {
      throw fault(name, "it is not the JSON that FeatureTransform.save writes: " + e.getMessage());
    }
  }

  private static FeatureTransform step(JsonElement element, String name) {
    if (!element.isJsonObject()) {
      throw fault(name, "a step is not an object");
    }
    JsonObject step = element.getAsJsonObject();
    return switch (type(step)) {
      case AffineFeatures.TYPE -> affine(step, name);
      case ImputedFeatures.TYPE -> new ImputedFeatures(numbers(step.get("fill"), name, "fill"));
      case ProjectedFeatures.TYPE -> projection(step, name);
      case CentreDistances.TYPE -> distances(step, name);
      default -> throw fault(name, "the step " + step.get("type") + " is not known");
    };
  }

  private static String type(JsonObject step) {
    JsonElement type = step.get("type");
    return type != null && type.isJsonPrimitive() ? type.getAsString() : "";
  }

  private static FeatureTransform projection(JsonObject step, String name) {
    double[] mean = numbers(step.get("mean"), name, "mean");
    double[] divisor = numbers(step.get("divisor"), name, "divisor");
    double[][] directions = rows(step.get("directions"), name, "directions");
    try {
      return new ProjectedFeatures(mean, directions, divisor);
    } catch (IllegalArgumentException e) {
      throw fault(name, String.valueOf(e.getMessage()));
    }
  }

  private static FeatureTransform distances(JsonObject step, String name) {
    double[][] centres = rows(step.get("centres"), name, "centres");
    try {
      return new CentreDistances(centres);
    } catch (IllegalArgumentException e) {
      throw fault(name, String.valueOf(e.getMessage()));
    }
  }

  private static double[][] rows(@Nullable JsonElement element, String name, String field) {
    if (element == null || !element.isJsonArray() || element.getAsJsonArray().isEmpty()) {
      throw fault(name, "\"" + field + "\" must be an array of arrays of numbers");
    }
    double[][] rows = new double[element.getAsJsonArray().size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = numbers(element.getAsJsonArray().get(i), name, field);
    }
    return rows;
  }

  private static FeatureTransform affine(JsonObject step, String name) {
    double[] shift = numbers(step.get("shift"), name, "shift");
    double[] divisor = numbers(step.get("divisor"), name, "divisor");
    if (shift.length != divisor.length) {
      throw fault(
          name, "a scaling has " + shift.length + " shifts, " + divisor.length + " divisors");
    }
    return new AffineFeatures(shift, divisor);
  }

  private static double[] numbers(@Nullable JsonElement element, String name, String field) {
    if (element == null || !element.isJsonArray() || element.getAsJsonArray().isEmpty()) {
      throw fault(name, "\"" + field + "\" must be an array of numbers");
    }
    double[] values = new double[element.getAsJsonArray().size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = element.getAsJsonArray().get(i).getAsDouble();
      } catch (IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
        throw fault(name, "\"" + field + "\" must hold numbers: " + e.getMessage());
      }
      if (!Double.isFinite(values[i])) {
        throw fault(name, "\"" + field + "\" must hold finite numbers, but holds " + values[i]);
      }
    }
    return values;
  }

  private static IllegalArgumentException fault(String name, String what) {
    return new IllegalArgumentException("no feature transform in " + name + ": " + what);
  }
}

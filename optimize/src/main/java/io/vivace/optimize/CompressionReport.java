package io.vivace.optimize;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a compression did.
 *
 * @param model the model's name
 * @param passes what was done, in order
 * @param before the original's size
 * @param after the result's size
 * @param differences one per output, if an engine ran both models; else empty
 * @param validation how the result was checked, or why it was not
 * @param duration from reading to the finished file
 */
public record CompressionReport(
    String model,
    List<String> passes,
    ModelSize before,
    ModelSize after,
    List<OutputDifference> differences,
    String validation,
    Duration duration) {
  /**
   * Copies the lists.
   *
   * @param model the model's name
   * @param passes what was done, in order
   * @param before the original's size
   * @param after the result's size
   * @param differences one per output
   * @param validation how the result was checked
   * @param duration from reading to the finished file
   */
  public CompressionReport {
    passes = List.copyOf(passes);
    differences = List.copyOf(differences);
  }

  /**
   * Returns the size of the result as a part of the original's.
   *
   * @return for example 0.25; NaN if the original has no bytes
   */
  public double sizeRatio() {
    return (double) after.bytes() / before.bytes();
  }

  /**
   * Returns the report as text for a terminal.
   *
   * @return some lines, each ended by a line feed
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    rows().forEach(row -> text.append(String.format(Locale.ROOT, "%-28s %16s %16s%n", row)));
    differences.forEach(
        difference ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "output %s: signal to noise %.1f dB, cosine %.5f, largest error %.4g%n",
                    difference.output(),
                    difference.signalToNoiseDecibels(),
                    difference.cosine(),
                    difference.largestError())));
    return text.append(validation).append('\n').toString().replace("\r\n", "\n");
  }

  /**
   * Returns the report as Markdown.
   *
   * @return tables and a line on the validation
   */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    List<Object[]> rows = rows();
    for (int i = 0; i < rows.size(); i++) {
      text.append(String.format(Locale.ROOT, "| %s | %s | %s |\n", rows.get(i)));
      text.append(i == 0 ? "|---|---:|---:|\n" : "");
    }
    if (!differences.isEmpty()) {
      text.append(
          "\n| output | signal to noise, dB | cosine | largest error |\n|---|---:|---:|---:|\n");
      differences.forEach(
          difference ->
              text.append(
                  String.format(
                      Locale.ROOT,
                      "| %s | %.1f | %.5f | %.4g |\n",
                      difference.output(),
                      difference.signalToNoiseDecibels(),
                      difference.cosine(),
                      difference.largestError())));
    }
    return text.append('\n').append(validation).append('\n').toString();
  }

  /**
   * Returns the report as JSON; numbers that JSON does not know are left out.
   *
   * @return one object
   */
  public String toJson() {
    JsonObject root = new JsonObject();
    root.addProperty("model", model);
    JsonArray done = new JsonArray();
    passes.forEach(done::add);
    root.add("passes", done);
    root.add("before", json(before));
    root.add("after", json(after));
    JsonArray outputs = new JsonArray();
    differences.forEach(difference -> outputs.add(json(difference)));
    root.add("differences", outputs);
    root.addProperty("validation", validation);
    root.addProperty("seconds", duration.toNanos() / 1e9);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(root);
  }

  private static JsonObject json(ModelSize size) {
    JsonObject object = new JsonObject();
    object.addProperty("bytes", size.bytes());
    object.addProperty("parameters", size.parameters());
    object.addProperty("nodes", size.nodes());
    JsonObject operators = new JsonObject();
    size.operators().forEach(operators::addProperty);
    object.add("operators", operators);
    return object;
  }

  private static JsonObject json(OutputDifference difference) {
    JsonObject object = new JsonObject();
    object.addProperty("output", difference.output());
    object.addProperty("elements", difference.elements());
    number(object, "signalToNoiseDecibels", difference.signalToNoiseDecibels());
    number(object, "cosine", difference.cosine());
    number(object, "largestError", difference.largestError());
    return object;
  }

  private static void number(JsonObject object, String name, double value) {
    if (Double.isFinite(value)) {
      object.addProperty(name, value);
    }
  }

  private List<Object[]> rows() {
    List<Object[]> rows = new ArrayList<>();
    rows.add(new Object[] {model, "before", "after"});
    rows.add(row("bytes", before.bytes(), after.bytes()));
    rows.add(row("parameters", before.parameters(), after.parameters()));
    rows.add(row("nodes", before.nodes(), after.nodes()));
    Set<String> operators = new TreeSet<>(before.operators().keySet());
    operators.addAll(after.operators().keySet());
    for (String operator : operators) {
      int old = before.operators().getOrDefault(operator, 0);
      int now = after.operators().getOrDefault(operator, 0);
      if (old != now) {
        rows.add(row(operator, old, now));
      }
    }
    return rows;
  }

  private static Object[] row(String name, long before, long after) {
    return new Object[] {
      name, String.format(Locale.ROOT, "%,d", before), String.format(Locale.ROOT, "%,d", after)
    };
  }
}

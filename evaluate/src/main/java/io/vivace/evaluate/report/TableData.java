package io.vivace.evaluate.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.vivace.evaluate.Comparison;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.MetricTable.Cell;
import io.vivace.evaluate.MetricTable.Row;
import io.vivace.evaluate.metric.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of metrics as programs read it. */
final class TableData {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private TableData() {}

  static String json(MetricTable table) {
    JsonObject root = new JsonObject();
    root.addProperty("baseline", table.baseline());
    root.addProperty("level", table.level());
    JsonArray columns = new JsonArray();
    table.columns().forEach(column -> columns.add(json(column)));
    root.add("columns", columns);
    JsonArray rows = new JsonArray();
    table.rows().forEach(row -> rows.add(json(row)));
    root.add("rows", rows);
    root.add("provenance", JsonParser.parseString(table.provenance().toJson()));
    return JSON.toJson(root);
  }

  private static JsonObject json(Column column) {
    JsonObject object = new JsonObject();
    object.addProperty("name", column.name());
    object.addProperty("identity", column.identity());
    object.addProperty("unit", column.unit());
    object.addProperty("goal", column.goal().name());
    return object;
  }

  private static JsonObject json(Row row) {
    JsonObject object = new JsonObject();
    object.addProperty("model", row.name());
    object.addProperty("examples", row.examples());
    object.addProperty("failures", row.failures());
    JsonArray cells = new JsonArray();
    row.cells().forEach(cell -> cells.add(json(cell)));
    object.add("cells", cells);
    return object;
  }

  private static JsonObject json(Cell cell) {
    JsonObject object = new JsonObject();
    add(object, "value", cell.value());
    add(object, "lower", cell.interval().lower());
    add(object, "upper", cell.interval().upper());
    object.addProperty("interval", cell.interval().method());
    object.addProperty("best", cell.best());
    Comparison comparison = cell.comparison();
    if (comparison != null) {
      add(object, "difference", comparison.difference());
      add(object, "pValue", comparison.pValue());
      object.addProperty("test", comparison.test());
      object.addProperty("significance", comparison.significance().name());
    }
    return object;
  }

  /** JSON has no word for what is not finite: undefined is null, infinite is a text. */
  private static void add(JsonObject object, String name, double value) {
    if (Double.isNaN(value)) {
      object.add(name, JsonNull.INSTANCE);
    } else if (Double.isInfinite(value)) {
      object.addProperty(name, Double.toString(value));
    } else {
      object.add(name, new JsonPrimitive(value));
    }
  }

  static String csv(MetricTable table) {
    StringBuilder text = new StringBuilder();
    List<String> header = new ArrayList<>(List.of("model", "examples", "failures"));
    for (Column column : table.columns()) {
      String unit = column.unit().isEmpty() ? "" : " (" + column.unit() + ")";
      header.add(column.name() + unit);
      header.add(column.name() + " lower");
      header.add(column.name() + " upper");
      header.add(column.name() + " p");
    }
    line(text, header);
    table.rows().forEach(row -> line(text, csv(row)));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append(cells.stream().map(TableData::quoted).collect(Collectors.joining(",")));
    text.append("\r\n");
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static List<String> csv(Row row) {
    List<String> line = new ArrayList<>();
    line.add(row.name());
    line.add(Integer.toString(row.examples()));
    line.add(Integer.toString(row.failures()));
    for (Cell cell : row.cells()) {
      line.add(number(cell.value()));
      line.add(number(cell.interval().lower()));
      line.add(number(cell.interval().upper()));
      Comparison comparison = cell.comparison();
      line.add(comparison == null ? "" : number(comparison.pValue()));
    }
    return line;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}

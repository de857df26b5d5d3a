package io.vivace.core;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What made a result: data, models, seed, settings, versions, machine and time. Immutable: each
 * addition returns a changed copy.
 *
 * <pre>{@code
 * Provenance provenance =
 *     Provenance.now().data("test", testSet).model("int8", source).seed(42).setting("folds", 5);
 * }</pre>
 *
 * <p>Facts stand in groups, in the order in which they were added: {@code data}, {@code models},
 * {@code settings} (with the seed), {@code versions} and {@code environment}. No name of a person,
 * a host or a folder is among what is gathered here.
 */
public final class Provenance {
  private static final String DATA = "data";
  private static final String MODELS = "models";
  private static final String SETTINGS = "settings";
  private static final String VERSIONS = "versions";
  private static final String ENVIRONMENT = "environment";
  private static final List<String> GROUPS = List.of(DATA, MODELS, SETTINGS, VERSIONS, ENVIRONMENT);

  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Map<String, Map<String, String>> facts;

  private Provenance(Map<String, Map<String, String>> facts) {
    this.facts = facts;
  }

  /**
   * Describes this moment and this machine: Vivace's version, the Java runtime, the operating
   * system, the number of processors, the largest heap and the time.
   *
   * @return a provenance without data, models and settings
   */
  public static Provenance now() {
    return now(Clock.systemUTC());
  }

  /**
   * Describes the moment of a clock and this machine.
   *
   * @param clock what tells the time, as a fixed one in tests
   * @return a provenance without data, models and settings
   */
  public static Provenance now(Clock clock) {
    Runtime runtime = Runtime.getRuntime();
    String version = Provenance.class.getPackage().getImplementationVersion();
    return new Provenance(Map.of())
        .version("vivace", version == null ? "unknown" : version)
        .with(ENVIRONMENT, "java", property("java.version"))
        .with(ENVIRONMENT, "jvm", property("java.vm.name") + ' ' + property("java.vm.version"))
        .with(ENVIRONMENT, "os", property("os.name") + ' ' + property("os.version"))
        .with(ENVIRONMENT, "architecture", property("os.arch"))
        .with(ENVIRONMENT, "processors", Integer.toString(runtime.availableProcessors()))
        .with(ENVIRONMENT, "maxHeapBytes", Long.toString(runtime.maxMemory()))
        .with(ENVIRONMENT, "time", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /**
   * Adds a data set: its size and its {@linkplain Dataset#contentHash() content hash}. Reads every
   * example.
   *
   * @param name what the data is for, for example {@code test}
   * @param data the examples
   * @return a changed copy
   * @throws IllegalArgumentException if the examples have no content hash
   */
  public Provenance data(String name, Dataset<?, ?> data) {
    return data(name, data.size(), data.contentHash());
  }

  /**
   * Adds data of any other kind.
   *
   * @param name what the data is for
   * @param examples how many there are
   * @param sha256 what identifies the content
   * @return a changed copy
   */
  public Provenance data(String name, long examples, String sha256) {
    return with(DATA, name + ".examples", Long.toString(examples))
        .with(DATA, name + ".sha256", sha256);
  }

  /**
   * Adds a model: size and SHA-256 of its file. Of a folder it is the SHA-256 over name, size and
   * content of each file, in the order of the names.
   *
   * @param name what the model is called in the result, for example {@code int8}
   * @param source where it comes from
   * @return a changed copy
   * @throws ModelLoadException if the model cannot be had or read
   */
  public Provenance model(String name, ModelSource source) {
    ModelDigest digest = ModelDigest.of(source);
    return with(MODELS, name + ".bytes", Long.toString(digest.bytes()))
        .with(MODELS, name + ".sha256", digest.sha256());
  }

  /**
   * Adds the seed from which all randomness came.
   *
   * @param seed the seed
   * @return a changed copy
   */
  public Provenance seed(long seed) {
    return setting("seed", seed);
  }

  /**
   * Adds a setting.
   *
   * @param name its name
   * @param value its value; its text is kept
   * @return a changed copy
   */
  public Provenance setting(String name, Object value) {
    return with(SETTINGS, name, value.toString());
  }

  /**
   * Adds the version of a library or an engine.
   *
   * @param library its name
   * @param version its version
   * @return a changed copy
   */
  public Provenance version(String library, String version) {
    return with(VERSIONS, library, version);
  }

  /**
   * Returns all facts.
   *
   * @return the facts of each group that has any, by name; unmodifiable and in order
   */
  public Map<String, Map<String, String>> facts() {
    return facts;
  }

  /**
   * Returns the facts as JSON.
   *
   * @return an object of one object per group, whose values are texts; lines end with a line feed
   */
  public String toJson() {
    return JSON.toJson(facts) + '\n';
  }

  /**
   * Returns the facts as a Markdown table of three columns.
   *
   * @return lines that end with a line feed
   */
  public String toMarkdown() {
    StringBuilder table = new StringBuilder("| | fact | value |\n|---|---|---|\n");
    facts.forEach(
        (group, entries) ->
            entries.forEach(
                (name, value) ->
                    table.append(
                        String.format("| %s | %s | %s |\n", group, cell(name), cell(value)))));
    return table.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Provenance provenance && facts.equals(provenance.facts);
  }

  @Override
  public int hashCode() {
    return facts.hashCode();
  }

  /**
   * Returns all facts in one line.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "Provenance" + facts;
  }

  private Provenance with(String group, String name, String value) {
    Map<String, Map<String, String>> next = new LinkedHashMap<>();
    for (String each : GROUPS) {
      Map<String, String> entries = new LinkedHashMap<>(facts.getOrDefault(each, Map.of()));
      if (each.equals(group)) {
        entries.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      }
      if (!entries.isEmpty()) {
        next.put(each, Collections.unmodifiableMap(entries));
      }
    }
    return new Provenance(Collections.unmodifiableMap(next));
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\R", " ");
  }
}

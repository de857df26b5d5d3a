package io.vivace.optimize;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a compression did.
 *
 * @param model the model's name
 * @param passes what was done, in order
 * @param before the original's size
 * @param after the result's size
 * @param packedBytes the size of the result as an entropy-coded container, see {@link
 *     io.vivace.optimize.pack.PackedContainer}: less than on disk where weights are sparse or
 *     shared; -1 without a check, or where a container cannot hold it
 * @param layers how far the weights of layers have moved, in the graph's order; without layers that
 *     are no longer there by name. Empty without a check
 * @param differences one per output, if an engine ran both models; else empty
 * @param latency single runs of both models; without calls if none were timed
 * @param search what a search under limits found; null if there was none
 * @param validation how the result was checked, or why it was not
 * @param duration from reading to the finished file
 */
public record CompressionReport(
    String model,
    List<String> passes,
    ModelSize before,
    ModelSize after,
    long packedBytes,
    List<LayerDifference> layers,
    List<OutputDifference> differences,
    LatencyComparison latency,
    @Nullable SearchResult search,
    String validation,
    Duration duration) {
  /**
   * Copies the lists.
   *
   * @param model the model's name
   * @param passes what was done, in order
   * @param before the original's size
   * @param after the result's size
   * @param packedBytes the size of the result as a container
   * @param layers how far the weights of layers have moved
   * @param differences one per output
   * @param latency single runs of both models
   * @param search what a search found
   * @param validation how the result was checked
   * @param duration from reading to the finished file
   */
  public CompressionReport {
    passes = List.copyOf(passes);
    layers = List.copyOf(layers);
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
    return new ReportText(this).toText();
  }

  /**
   * Returns the report as Markdown.
   *
   * @return tables and a line on the validation
   */
  public String toMarkdown() {
    return new ReportText(this).toMarkdown();
  }

  /**
   * Returns the report as JSON; numbers that JSON does not know are left out.
   *
   * @return one object
   */
  public String toJson() {
    return ReportJson.of(this);
  }
}

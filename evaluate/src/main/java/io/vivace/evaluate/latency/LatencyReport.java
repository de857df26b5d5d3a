package io.vivace.evaluate.latency;

import io.vivace.core.Provenance;
import io.vivace.evaluate.Figure;
import io.vivace.evaluate.MetricTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the answers of several models cost, measured in turns.
 *
 * @param profiles one per candidate, in the order given
 * @param provenance what made this
 */
public record LatencyReport(List<LatencyProfile> profiles, Provenance provenance) {
  private static final List<Resource> COLUMNS =
      List.of(
          Resource.P50_LATENCY,
          Resource.P99_LATENCY,
          Resource.THROUGHPUT,
          Resource.ALLOCATION,
          Resource.SIZE);

  /**
   * Copies the profiles.
   *
   * @param profiles one per candidate
   * @param provenance what made this
   */
  public LatencyReport {
    profiles = List.copyOf(profiles);
    Objects.requireNonNull(provenance, "provenance");
  }

  /**
   * Returns the profile of a candidate.
   *
   * @param name the candidate
   * @return its profile
   * @throws IllegalArgumentException if there is none of that name
   */
  public LatencyProfile profile(String name) {
    return profiles.stream()
        .filter(profile -> profile.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no candidate "
                        + name
                        + ", but "
                        + profiles.stream().map(LatencyProfile::name).toList()));
  }

  /**
   * Adds median and p99 latency, throughput, allocation and size to a table of the same candidates.
   *
   * @param table models by metrics
   * @return a changed copy
   * @throws IllegalArgumentException if a candidate of the table was not measured
   */
  public MetricTable addTo(MetricTable table) {
    return addTo(table, COLUMNS.toArray(Resource[]::new));
  }

  /**
   * Adds chosen figures to a table of the same candidates.
   *
   * @param table models by metrics
   * @param resources which figures
   * @return a changed copy
   * @throws IllegalArgumentException if a candidate of the table was not measured, or the table has
   *     such a column
   */
  public MetricTable addTo(MetricTable table, Resource... resources) {
    MetricTable wider = table;
    for (Resource resource : resources) {
      Map<String, Figure> figures = new LinkedHashMap<>();
      table.names().forEach(name -> figures.put(name, profile(name).figure(resource)));
      wider = wider.with(resource.column(), figures);
    }
    return wider;
  }
}

package io.vivace.core.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** The Euclidean distance to each centre. */
final class CentreDistances extends StepTransform {
  static final String TYPE = "distance";
  private final double[][] centres;

  CentreDistances(double[][] centres) {
    this.centres = matrix("centres", centres);
  }

  @Override
  public int features() {
    return centres[0].length;
  }

  @Override
  public int outputs() {
    return centres.length;
  }

  @Override
  public double[] apply(double[] example) {
    requireLength(features(), example);
    double[] distances = new double[centres.length];
    for (int j = 0; j < distances.length; j++) {
      double sum = 0;
      for (int i = 0; i < example.length; i++) {
        double difference = example[i] - centres[j][i];
        sum += difference * difference;
      }
      distances[j] = Math.sqrt(sum);
    }
    return distances;
  }

  @Override
  public double[] inverse(double[] prepared) {
    throw new UnsupportedOperationException(
        "distances to centres do not tell where an example was: there is no inverse");
  }

  @Override
  void write(JsonArray steps) {
    JsonObject step = new JsonObject();
    step.addProperty("type", TYPE);
    step.add("centres", array(centres));
    steps.add(step);
  }
}

package io.vivace.evaluate.search;

/** Gives up a trial outside of bounds. */
final class ThresholdPruner extends Pruner {
  private final double lowest;
  private final double highest;

  ThresholdPruner(double lowest, double highest) {
    if (!(lowest <= highest)) {
      throw new IllegalArgumentException(
          "the lowest value must not be above the highest, but they were "
              + lowest
              + " and "
              + highest);
    }
    this.lowest = lowest;
    this.highest = highest;
  }

  @Override
  boolean prunes(Standing standing) {
    double value = standing.direction().loss(standing.latest()); // the report as it was made
    return !(value >= lowest && value <= highest);
  }

  /** Returns the name and every option. */
  @Override
  public String toString() {
    return "threshold(lowest=" + lowest + ", highest=" + highest + ")";
  }
}

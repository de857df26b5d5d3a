package io.vivace.evaluate.search;

/** How a Gaussian process sees a point: units for numbers, the option's place for choices. */
final class Features {
  private static final double ABSENT_NUMBER = 0.5;
  private static final double ABSENT_CHOICE = -1;

  private Features() {}

  /** A parameter that does not exist is at the middle, or an option of its own. */
  static double[] of(Space space, double[] codes) {
    double[] features = new double[codes.length];
    for (int d = 0; d < features.length; d++) {
      Axis axis = space.axis(d);
      boolean absent = Double.isNaN(codes[d]);
      if (axis.isCategorical()) {
        features[d] = absent ? ABSENT_CHOICE : codes[d];
      } else {
        features[d] = absent ? ABSENT_NUMBER : axis.toUnit(codes[d]);
      }
    }
    return features;
  }

  static boolean[] categorical(Space space) {
    boolean[] categorical = new boolean[space.size()];
    for (int d = 0; d < categorical.length; d++) {
      categorical[d] = space.axis(d).isCategorical();
    }
    return categorical;
  }
}

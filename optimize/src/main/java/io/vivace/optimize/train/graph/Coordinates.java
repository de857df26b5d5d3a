package io.vivace.optimize.train.graph;

import java.util.Locale;
import java.util.Optional;

/** Where an element of a resized axis lies on the axis before, as ONNX's Resize defines it. */
enum Coordinates {
  HALF_PIXEL,
  HALF_PIXEL_SYMMETRIC,
  PYTORCH_HALF_PIXEL,
  ALIGN_CORNERS,
  ASYMMETRIC;

  static Optional<Coordinates> of(String name) {
    for (Coordinates each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  double[] positions(long from, int to, double scale) {
    double[] positions = new double[to];
    for (int i = 0; i < to; i++) {
      positions[i] =
          switch (this) {
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case HALF_PIXEL_SYMMETRIC -> symmetric(i, from, to, scale);
            case PYTORCH_HALF_PIXEL -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
            case ALIGN_CORNERS -> to > 1 ? (double) i * (from - 1) / (to - 1) : 0;
            case ASYMMETRIC -> i / scale;
          };
    }
    return positions;
  }

  /** Centred where the scale asks for a size that is no whole number. */
  private static double symmetric(int i, long from, int to, double scale) {
    double adjustment = to / (from * scale);
    double center = from / 2.0;
    return center * (1 - adjustment) + (i + 0.5) / scale - 0.5;
  }
}

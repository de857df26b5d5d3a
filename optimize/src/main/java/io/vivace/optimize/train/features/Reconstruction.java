package io.vivace.optimize.train.features;

import io.vivace.core.codec.ModelRow;

/** What an autoencoder makes of an example. Immutable and thread-safe. */
public final class Reconstruction {
  static final int CODE = 0;
  static final int RESULT = 1;

  private final double[] code;
  private final double[] features;

  private Reconstruction(double[] code, double[] features) {
    this.code = code;
    this.features = features;
  }

  static Reconstruction of(ModelRow row) {
    return new Reconstruction(row.output(CODE).toDoubles(), row.output(RESULT).toDoubles());
  }

  /**
   * Returns the values of the layer in the middle.
   *
   * @return a copy, one per unit
   */
  public double[] code() {
    return code.clone();
  }

  /**
   * Returns the example as the code tells it.
   *
   * @return a copy, one per feature
   */
  public double[] features() {
    return features.clone();
  }
}

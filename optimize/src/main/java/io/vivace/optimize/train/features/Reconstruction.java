package io.vivace.optimize.train.features;

import io.vivace.core.codec.ModelRow;

/**
 * What an autoencoder makes of an example.
 *
 * @param code the values of the layer in the middle
 * @param features the example as the code tells it
 */
public record Reconstruction(double[] code, double[] features) {
  static final int CODE = 0;
  static final int RESULT = 1;

  static Reconstruction of(ModelRow row) {
    return new Reconstruction(row.output(CODE).toDoubles(), row.output(RESULT).toDoubles());
  }
}

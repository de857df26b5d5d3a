package io.vivace.core.spi;

import ai.djl.Model;

/**
 * The second door of a {@link LoadedModel}: the same native session as a DJL model, for DJL
 * translators. The only type of this package that names DJL; architecture tests list it.
 */
public interface DjlModelAccess {
  /**
   * Returns the loaded model as a DJL model.
   *
   * @return a model that lives as long as the loaded model; closing it does nothing
   */
  Model djlModel();
}

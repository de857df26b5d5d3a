package io.vivace.core.spi;

import ai.djl.Model;

/**
 * The second door of a {@link LoadedModel} whose engine is one of DJL's: the same native session as
 * a DJL model, for DJL translators. An engine that is not DJL's need not do anything: translators
 * run on its {@linkplain LoadedModel#newContext() contexts}. The only type of this package that
 * names DJL; architecture tests list it.
 */
public interface DjlModelAccess {
  /**
   * Returns the loaded model as a DJL model.
   *
   * @return a model that lives as long as the loaded model; closing it does nothing
   */
  Model djlModel();
}

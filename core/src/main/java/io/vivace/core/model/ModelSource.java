package io.vivace.core.model;

/**
 * Where a model comes from. Immutable; may be resolved any number of times.
 *
 * <p>Resolving brings the model's files to a local path: a path stays where it is, bytes and
 * class-path resources go to a private temporary folder, a URL goes to a cache. Implement this
 * interface for a store of your own.
 */
@FunctionalInterface
public interface ModelSource {
  /**
   * Brings the model to a local path and recognises its format.
   *
   * @return the local files; the caller closes it when the model is no longer used
   * @throws io.vivace.core.ModelLoadException if the model cannot be had; the message names the
   *     source
   */
  ModelArtifact resolve();
}

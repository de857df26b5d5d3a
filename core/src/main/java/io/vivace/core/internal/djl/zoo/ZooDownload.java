package io.vivace.core.internal.djl.zoo;

import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.Repository;
import ai.djl.util.Utils;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Fetches the files of a model from DJL's model zoo, without opening it. */
public final class ZooDownload {
  private ZooDownload() {}

  /**
   * Downloads a model, unless DJL's cache has it.
   *
   * @param url a {@code djl://} URL
   * @return the folder, or file, in DJL's cache
   * @throws ModelLoadException if the zoo or the model is unknown, or it cannot be downloaded
   */
  public static Path fetch(String url) {
    try {
      List<MRL> models = Repository.newInstance("vivace", url).getResources();
      if (models.isEmpty()) {
        throw new ModelLoadException("no model at " + url);
      }
      return fetch(url, models.get(0));
    } catch (IOException e) {
      throw new ModelLoadException("model " + url + " cannot be downloaded: " + e, e);
    } catch (RuntimeException e) {
      // DJL's word for an unknown group, artifact or version differs from case to case.
      throw e instanceof ModelLoadException known
          ? known
          : new ModelLoadException(
              "DJL cannot find model %s: %s; the zoo of that group must be on the class path"
                  .formatted(url, e.getMessage()),
              e);
    }
  }

  private static Path fetch(String url, MRL model) throws IOException {
    Repository repository = model.getRepository();
    if (repository.isRemote() && Utils.isOfflineMode() && !hasMetadata(repository, model)) {
      // DJL itself would go to the network here.
      throw offline(url);
    }
    Artifact artifact = model.match(Map.of());
    if (artifact == null) {
      throw new ModelLoadException(
          "no model at %s; that artifact has: %s".formatted(url, model.listArtifacts()));
    }
    if (repository.isRemote() && Utils.isOfflineMode() && !model.isPrepared(artifact)) {
      throw offline(url);
    }
    model.prepare(artifact);
    return repository.getResourceDirectory(artifact);
  }

  private static boolean hasMetadata(Repository repository, MRL model) throws IOException {
    Path folder = repository.getCacheDirectory().resolve(model.toURI().getPath());
    return Files.exists(folder.resolve("metadata.json"));
  }

  private static ModelLoadException offline(String url) {
    return new ModelLoadException(
        "model %s is not in DJL's cache %s, and DJL is offline (ai.djl.offline); download it once online"
            .formatted(url, Utils.getCacheDir()));
  }
}

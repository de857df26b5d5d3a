package io.vivace.core.model;

import io.vivace.core.internal.djl.zoo.ZooDownload;
import java.util.regex.Pattern;

/** A model of DJL's model zoo. */
record DjlSource(String url) implements ModelSource {
  private static final Pattern URL = Pattern.compile("djl://[\\w.-]+/[\\w./-]+(\\?\\S*)?");

  DjlSource {
    if (!URL.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "a model-zoo URL is djl://group/artifact or djl://group/artifact/version/name, but this was \""
              + url
              + '"');
    }
  }

  @Override
  public ModelArtifact resolve() {
    return ModelFiles.at(ZooDownload.fetch(url));
  }

  @Override
  public String toString() {
    return url;
  }
}

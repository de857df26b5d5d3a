package io.vivace.core.model;

import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A class-path resource: used in place in a folder, copied out of a jar. */
final class ClasspathSource implements ModelSource {
  private final String resource;
  private final Function<String, @Nullable URL> lookup;

  ClasspathSource(String resource, Function<String, @Nullable URL> lookup) {
    this.resource = resource;
    this.lookup = lookup;
  }

  @Override
  public ModelArtifact resolve() {
    URL url = lookup.apply(resource);
    if (url == null) {
      throw new ModelLoadException(
          "no resource %s on the class path; check its spelling, and use classpath(Class, String) "
                  .formatted(resource)
              + "if another class loader has it");
    }
    return url.getProtocol().equals("file")
        ? ModelFiles.at(Path.of(URI.create(url.toString())))
        : extract(url);
  }

  private ModelArtifact extract(URL url) {
    String name = resource.substring(resource.lastIndexOf('/') + 1);
    return PrivateFolder.resolve(
        this,
        folder -> {
          try (InputStream in = open(url)) {
            folder.write(name, in);
          }
          return ModelFiles.at(folder.path().resolve(name));
        });
  }

  private static InputStream open(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false); // A cached connection would keep the jar open for ever.
    return connection.getInputStream();
  }

  @Override
  public String toString() {
    return "class path " + resource;
  }
}

package io.vivace.core.model;

/** A source whose model has a name of the user's. */
record NamedSource(ModelSource source, String name) implements ModelSource {
  NamedSource {
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of a model must not be blank");
    }
  }

  @Override
  public ModelArtifact resolve() {
    return source.resolve().renamed(name);
  }

  @Override
  public String toString() {
    return '"' + name + "\" from " + source;
  }
}

package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.core.data.Dataset;

/** Adds what is known of data and models to a provenance. */
final class Facts {
  private Facts() {}

  /** Inputs of a type without content hash are named as such; that must not end an evaluation. */
  static Provenance data(Provenance provenance, String name, Dataset<?, ?> data) {
    try {
      return provenance.data(name, data);
    } catch (IllegalArgumentException noHash) {
      return provenance.data(name, data.size(), "none: " + noHash.getMessage());
    }
  }

  static Provenance model(Provenance provenance, Candidate<?, ?> candidate) {
    return candidate
        .source()
        .map(source -> provenance.model(candidate.name(), source))
        .orElse(provenance);
  }
}

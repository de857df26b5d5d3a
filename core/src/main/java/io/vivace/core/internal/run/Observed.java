package io.vivace.core.internal.run;

import io.vivace.core.observe.ModelVersion;

/** Has a model of its own, which events name. */
interface Observed {
  ModelVersion modelVersion();
}

package io.vivace.core.internal.run;

import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import java.util.List;

/** Builds a predictor from a plan. */
public final class Assembly {
  private Assembly() {}

  public static <I, O> Predictor<I, O> assemble(Plan<I, O> plan) {
    List<String> faults = plan.faults();
    if (faults.isEmpty()) {
      throw new ModelLoadException("no engine on the class path");
    }
    throw new IllegalArgumentException(String.join("; ", faults));
  }
}

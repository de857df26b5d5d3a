package io.vivace.optimize;

import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.WeightPass;
import io.vivace.optimize.pack.Packing;
import java.util.List;

/** Which steps cannot follow others, whatever the model. */
final class StepOrder {
  private StepOrder() {}

  /**
   * Checks the last step against those before it.
   *
   * @throws IllegalArgumentException if it would undo one of them or not see its result
   */
  static void require(List<Step> steps) {
    Step last = steps.get(steps.size() - 1);
    for (Step earlier : steps.subList(0, steps.size() - 1)) {
      if (earlier.passes().stream().anyMatch(Packing.class::isInstance)) {
        throw new IllegalArgumentException(
            "packing must be the last step, as others do not see packed weights, but %s follows it"
                .formatted(last));
      }
      boolean values = earlier.passes().stream().anyMatch(WeightPass.class::isInstance);
      if (values && last.passes().stream().anyMatch(Factorization.class::isInstance)) {
        throw new IllegalArgumentException(
            "%s after %s would give dense factors again; factorize first, then prune, share or round"
                .formatted(last, earlier));
      }
    }
  }
}

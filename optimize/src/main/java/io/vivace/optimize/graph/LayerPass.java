package io.vivace.optimize.graph;

import java.util.Collection;

/**
 * A pass that works layer by layer and can leave layers out, so that a search can find which ones
 * stand it.
 */
public interface LayerPass extends GraphPass {
  /**
   * Leaves layers as they are.
   *
   * @param weights the names of the layers' weights, as {@link LayerWeight} gives them; each must
   *     be there when the pass runs
   * @return a changed copy
   */
  LayerPass without(Collection<String> weights);
}

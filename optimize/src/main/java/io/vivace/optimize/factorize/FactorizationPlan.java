package io.vivace.optimize.factorize;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What factorization does, or would do, to each layer of a model.
 *
 * @param layers in the order of the graph
 */
public record FactorizationPlan(List<Layer> layers) {
  /**
   * One layer.
   *
   * @param weight the name of its weight
   * @param rank how many products the layer is a sum of; of Tucker factors those on the input side;
   *     0 where no rank was looked for
   * @param outputRank of Tucker factors those on the output side; else 0
   * @param before weights now
   * @param after weights in factors
   * @param error the relative error: of the weights, or of the layer's output where there are
   *     samples; 0 where no rank was looked for
   * @param note why the layer stays; empty if it is factorized
   */
  public record Layer(
      String weight, int rank, int outputRank, long before, long after, double error, String note) {
    /**
     * Returns whether the layer is factorized.
     *
     * @return false if it stays as it is
     */
    public boolean isFactorized() {
      return note.isEmpty();
    }
  }

  /**
   * Copies the list.
   *
   * @param layers in the order of the graph
   */
  public FactorizationPlan {
    layers = List.copyOf(layers);
  }

  /**
   * Returns the ranks of the factorized layers, to do the same again without measuring: for {@link
   * Factorization#ranks}.
   *
   * @return one or two ranks by weight
   */
  public Map<String, List<Integer>> ranks() {
    Map<String, List<Integer>> ranks = new TreeMap<>();
    for (Layer layer : layers) {
      if (layer.isFactorized()) {
        ranks.put(
            layer.weight(),
            layer.outputRank() == 0
                ? List.of(layer.rank())
                : List.of(layer.rank(), layer.outputRank()));
      }
    }
    return ranks;
  }
}

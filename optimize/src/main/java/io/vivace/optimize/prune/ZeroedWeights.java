package io.vivace.optimize.prune;

import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.graph.WeightPass;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Sets the weights to 0 that the caller names, by a mask or by slices of an axis. Immutable.
 *
 * <pre>{@code
 * GraphPass zeros = ZeroedWeights.slices("fc1.weight", 0, 100, 200); // rows 100 to 199
 * }</pre>
 */
public final class ZeroedWeights implements WeightPass {
  private final String name;
  private final boolean[] mask;
  private final int axis;
  private final int from;
  private final int to;

  private ZeroedWeights(String name, boolean[] mask, int axis, int from, int to) {
    this.name = Objects.requireNonNull(name, "name");
    this.mask = mask;
    this.axis = axis;
    this.from = from;
    this.to = to;
  }

  /**
   * Names each weight.
   *
   * @param weight the name of a tensor
   * @param mask true where the weight stays, copied; as long as the tensor
   * @return the pass
   */
  public static ZeroedWeights mask(String weight, boolean... mask) {
    return new ZeroedWeights(weight, mask.clone(), 0, 0, 0);
  }

  /**
   * Names slices, as rows 100 to 199 of the first axis.
   *
   * @param weight the name of a tensor
   * @param axis from 0
   * @param from the first slice that goes, from 0
   * @param to the first slice that stays again, above {@code from}
   * @return the pass
   * @throws IllegalArgumentException if the numbers are out of their range
   */
  public static ZeroedWeights slices(String weight, int axis, int from, int to) {
    if (axis < 0 || from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "slices must be from 0 and not empty, but were %d to %d of axis %d"
              .formatted(from, to, axis));
    }
    return new ZeroedWeights(weight, new boolean[0], axis, from, to);
  }

  @Override
  public void change(ModelWeights model, PassContext context) {
    List<? extends LayerTensor> layers = model.layers();
    LayerTensor layer =
        layers.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new GraphException(
                        "model %s has no layer weight \"%s\"; it has %s"
                            .formatted(
                                model.name(),
                                name,
                                layers.stream().map(LayerTensor::name).toList())));
    layer.replace(Pruning.masked(layer.weight(), mask(layer.weight())));
  }

  private boolean[] mask(Weight weight) {
    long elements = weight.shape().elements();
    if (to == 0) {
      if (mask.length != elements) {
        throw new GraphException(
            "the mask must be as long as %s, %d, but has %d"
                .formatted(weight, elements, mask.length));
      }
      return mask;
    }
    if (axis >= weight.shape().rank() || to > weight.shape().dimension(axis)) {
      throw new GraphException(
          "%s has no slices %d to %d of axis %d".formatted(weight, from, to - 1, axis));
    }
    boolean[] kept = new boolean[Math.toIntExact(elements)];
    Arrays.fill(kept, true);
    long inner = 1;
    for (int i = axis + 1; i < weight.shape().rank(); i++) {
      inner *= weight.shape().dimension(i);
    }
    for (int i = 0; i < kept.length; i++) {
      long slice = i / inner % weight.shape().dimension(axis);
      kept[i] = slice < from || slice >= to;
    }
    return kept;
  }

  @Override
  public String toString() {
    return to == 0
        ? "ZeroedWeights[%s by a mask]".formatted(name)
        : "ZeroedWeights[%s, axis %d, %d to %d]".formatted(name, axis, from, to - 1);
  }
}

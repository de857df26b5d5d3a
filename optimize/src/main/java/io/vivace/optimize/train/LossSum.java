package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/** The sum of one loss and a multiple of another. */
record LossSum<Y>(Loss<Y> first, double weight, Loss<Y> second) implements Loss<Y> {
  @Override
  public NDArray of(NDList outputs, List<Y> labels) {
    return first.of(outputs, labels).add(second.of(outputs, labels).mul(weight));
  }

  @Override
  public void check(List<Y> labels) {
    first.check(labels);
    second.check(labels);
  }
}

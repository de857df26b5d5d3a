package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import java.util.List;

/** The sum of one loss and a multiple of another. */
record LossSum<Y>(Loss<Y> first, double weight, Loss<Y> second)
    implements Loss<Y>, AttachedLoss<Y> {
  @Override
  public NDArray of(NDList outputs, List<Y> labels) {
    NDArray other = second.of(outputs, labels);
    return first.of(outputs, labels).add(other.mul(Loss.number(other, weight)));
  }

  @Override
  public Network attach(Network network, List<Y> labels) {
    return AttachedLoss.attach(second, AttachedLoss.attach(first, network, labels), labels);
  }

  @Override
  public boolean isAttachmentNeeded() {
    return AttachedLoss.isAttachmentNeeded(first) || AttachedLoss.isAttachmentNeeded(second);
  }

  @Override
  public void check(List<Y> labels) {
    first.check(labels);
    second.check(labels);
  }
}

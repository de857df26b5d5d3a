package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A loss of labels that are turned into those of another. */
record MappedLoss<Z, Y>(Loss<Y> loss, Function<? super Z, ? extends Y> function)
    implements Loss<Z>, AttachedLoss<Z> {
  @Override
  public NDArray of(NDList outputs, List<Z> labels) {
    return loss.of(outputs, mapped(labels));
  }

  @Override
  public Network attach(Network network, List<Z> labels) {
    return AttachedLoss.attach(loss, network, mapped(labels));
  }

  @Override
  public boolean isAttachmentNeeded() {
    return AttachedLoss.isAttachmentNeeded(loss);
  }

  @Override
  public void check(List<Z> labels) {
    loss.check(mapped(labels));
  }

  private List<Y> mapped(List<Z> labels) {
    List<Y> result = new ArrayList<>(labels.size());
    for (Z label : labels) {
      result.add(function.apply(label));
    }
    return result;
  }
}

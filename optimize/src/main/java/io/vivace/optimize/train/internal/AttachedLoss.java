package io.vivace.optimize.train.internal;

import java.util.List;

/**
 * A loss that needs more of a network than its outputs: values inside it, or weights of its own
 * that are trained with the network and dropped afterwards.
 *
 * @param <Y> the type of the labels
 */
public interface AttachedLoss<Y> {
  /** How the names of arrays begin that {@link Network#forward} gives to the loss alone. */
  String PREFIX = "vivace.attached.";

  /**
   * Wraps the network that is to be trained.
   *
   * @param network the network, not yet initialized
   * @param labels all labels
   * @return a network whose {@link Network#trained()} is the given one
   */
  Network attach(Network network, List<Y> labels);

  /**
   * Tells whether the loss cannot do without {@link #attach}.
   *
   * @return by default true
   */
  default boolean isAttachmentNeeded() {
    return true;
  }

  /**
   * Tells whether a loss cannot do without being attached to the network.
   *
   * @param loss any loss
   * @return true if it is such a loss, or made of one
   */
  static boolean isAttachmentNeeded(Object loss) {
    return loss instanceof AttachedLoss<?> attached && attached.isAttachmentNeeded();
  }

  /**
   * Wraps a network if the loss wants that.
   *
   * @param loss any loss
   * @param network the network, not yet initialized
   * @param labels all labels of that loss
   * @param <Y> the type of the labels
   * @return the wrapped network, or the given one
   */
  @SuppressWarnings("unchecked")
  static <Y> Network attach(Object loss, Network network, List<Y> labels) {
    return loss instanceof AttachedLoss<?> attached
        ? ((AttachedLoss<Y>) attached).attach(network, labels)
        : network;
  }
}

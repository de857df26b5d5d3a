package io.vivace.core.internal.run;

import io.vivace.core.internal.schedule.SlotPool;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.Signature;
import io.vivace.core.spi.LoadedModel;

/**
 * A loaded model with the slots that run it. Freed as a whole when the last lease is given back.
 */
final class ServedModel {
  private final String name;
  private final LoadedModel model;
  private final ModelArtifact artifact;
  private final Signature signature;
  private final Layout layout;
  private final SlotPool<Slot> slots;
  private final Lease lease = new Lease(this::destroy);
  private Runnable afterwards = () -> {};

  ServedModel(
      String name,
      LoadedModel model,
      ModelArtifact artifact,
      Signature signature,
      Layout layout,
      int concurrency) {
    this.name = name;
    this.model = model;
    this.artifact = artifact;
    this.signature = signature;
    this.layout = layout;
    this.slots = new SlotPool<>(concurrency, () -> new Slot(model, signature, layout));
  }

  String name() {
    return name;
  }

  Signature signature() {
    return signature;
  }

  Layout layout() {
    return layout;
  }

  SlotPool<Slot> slots() {
    return slots;
  }

  Lease lease() {
    return lease;
  }

  /** Says what is to be done once the model is freed, before the first call. */
  void afterwards(Runnable action) {
    afterwards = action;
  }

  private void destroy() {
    slots.forEach(Slot::close);
    model.close();
    artifact.close();
    afterwards.run();
  }
}

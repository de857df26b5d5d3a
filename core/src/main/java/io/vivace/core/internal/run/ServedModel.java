package io.vivace.core.internal.run;

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

  private void destroy() {
    slots.forEach(Slot::close);
    model.close();
    artifact.close();
  }
}

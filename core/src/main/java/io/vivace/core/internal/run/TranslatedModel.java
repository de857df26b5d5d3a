package io.vivace.core.internal.run;

import io.vivace.core.internal.djl.TranslatorSlot;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.internal.schedule.SlotPool;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.spi.LoadedModel;

/** A model that DJL's predictors run, one for each run that may happen at a time. */
record TranslatedModel<I, O>(
    String name, LoadedModel model, SlotPool<TranslatorSlot<I, O>> slots, Lease lease) {
  TranslatedModel(
      String name,
      LoadedModel model,
      ModelArtifact artifact,
      SlotPool<TranslatorSlot<I, O>> slots,
      Events events) {
    this(name, model, slots, new Lease(() -> destroy(model, artifact, slots, events)));
  }

  private static <I, O> void destroy(
      LoadedModel model,
      ModelArtifact artifact,
      SlotPool<TranslatorSlot<I, O>> slots,
      Events events) {
    slots.forEach(TranslatorSlot::close);
    model.close();
    artifact.close();
    events.closed();
  }
}

package io.vivace.core.internal.schedule;

import io.vivace.core.internal.schedule.Picker.Shed;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Turns requests away: their permits come back, a listener hears of it and their callers are told.
 * Those of one look at the line go together, for under overload there are many.
 */
final class Rejections {
  private final String name;
  private final Permits permits;
  private final Events events;
  private final Deliveries deliveries;
  private final LongSupplier clock;

  Rejections(
      String name, Permits permits, Events events, Deliveries deliveries, LongSupplier clock) {
    this.name = name;
    this.permits = permits;
    this.events = events;
    this.deliveries = deliveries;
    this.clock = clock;
  }

  <P, O> void turnAway(List<Shed<P, O>> shed) {
    if (shed.isEmpty()) {
      return;
    }
    long now = clock.getAsLong();
    permits.release(shed.size());
    for (Shed<P, O> each : shed) {
      events.shed(each.reason(), now - each.request().arrivedNanos);
    }
    deliveries.refuse(shed, name, now);
  }
}

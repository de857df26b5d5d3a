package io.vivace.core.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Writes events of JDK Flight Recorder: {@code io.vivace.Batch} for each run of the engine, {@code
 * io.vivace.Shed} for each request that was turned away, {@code io.vivace.Swap} for each swap. An
 * event costs next to nothing while nobody records; a recording can switch each of them off by its
 * name. Needs the module {@code jdk.jfr}, which every JDK has.
 */
public final class FlightRecorderEvents implements InferenceListener {
  /** Makes a listener that writes events whenever a recording is on. */
  public FlightRecorderEvents() {}

  @Override
  public void ran(
      ModelVersion model, int rows, int size, long assembleNanos, long runNanos, long splitNanos) {
    BatchEvent event = new BatchEvent();
    if (event.shouldCommit()) {
      event.predictor = model.predictor();
      event.version = model.version();
      event.rows = rows;
      event.size = size;
      event.assemble = assembleNanos;
      event.run = runNanos;
      event.split = splitNanos;
      event.commit();
    }
  }

  @Override
  public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
    ShedEvent event = new ShedEvent();
    if (event.shouldCommit()) {
      event.predictor = model.predictor();
      event.version = model.version();
      event.reason = reason.name();
      event.waited = waitedNanos;
      event.commit();
    }
  }

  @Override
  public void swapped(ModelVersion before, ModelVersion after, long nanos) {
    SwapEvent event = new SwapEvent();
    if (event.shouldCommit()) {
      event.predictor = before.predictor();
      event.before = before.version();
      event.after = after.version();
      event.took = nanos;
      event.error = "";
      event.commit();
    }
  }

  @Override
  public void swapFailed(ModelVersion model, Throwable error) {
    SwapEvent event = new SwapEvent();
    if (event.shouldCommit()) {
      event.predictor = model.predictor();
      event.before = model.version();
      event.after = model.version();
      event.error = error.toString();
      event.commit();
    }
  }

  /** What all events have. */
  @Category("Vivace")
  @StackTrace(false)
  @SuppressWarnings("UnusedVariable") // the recorder reads the fields
  private abstract static class PredictorEvent extends Event {
    @Label("Predictor")
    String predictor = "";
  }

  @Name("io.vivace.Batch")
  @Label("Batch")
  @Description("The engine ran a batch")
  @SuppressWarnings("UnusedVariable") // the recorder reads the fields
  private static final class BatchEvent extends PredictorEvent {
    @Label("Version")
    String version = "";

    @Label("Rows")
    int rows;

    @Label("Size")
    @Description("Rows of the run, padding included")
    int size;

    @Label("Assemble")
    @Timespan(Timespan.NANOSECONDS)
    long assemble;

    @Label("Run")
    @Timespan(Timespan.NANOSECONDS)
    long run;

    @Label("Split")
    @Timespan(Timespan.NANOSECONDS)
    long split;
  }

  @Name("io.vivace.Shed")
  @Label("Shed")
  @Description("A request was turned away before it ran")
  @SuppressWarnings("UnusedVariable") // the recorder reads the fields
  private static final class ShedEvent extends PredictorEvent {
    @Label("Version")
    String version = "";

    @Label("Reason")
    String reason = "";

    @Label("Waited")
    @Timespan(Timespan.NANOSECONDS)
    long waited;
  }

  @Name("io.vivace.Swap")
  @Label("Swap")
  @Description("A new version of a model took over, or could not")
  @SuppressWarnings("UnusedVariable") // the recorder reads the fields
  private static final class SwapEvent extends PredictorEvent {
    @Label("Version before")
    String before = "";

    @Label("Version after")
    String after = "";

    @Label("Took")
    @Description("Load, check and warm-up included")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    @Label("Error")
    @Description("Empty if the new version took over")
    String error = "";
  }
}

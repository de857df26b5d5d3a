package io.vivace.evaluate.metric;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The state of a metric over its accumulator. */
final class AccumulatorState<B extends Batch, A extends Accumulator<B, A>> extends MetricState<B> {
  private static final int MAGIC = 0x564d5354; // "VMST"
  private static final int VERSION = 1;

  private final Metric<B> metric;
  private final A accumulator;
  private final ToDoubleFunction<? super A> result;

  AccumulatorState(Metric<B> metric, A accumulator, ToDoubleFunction<? super A> result) {
    this.metric = metric;
    this.accumulator = accumulator;
    this.result = result;
  }

  @Override
  public Metric<B> metric() {
    return metric;
  }

  @Override
  public void update(B batch) {
    accumulator.update(batch);
  }

  @Override
  @SuppressWarnings("unchecked") // the classes of the accumulators are compared
  public void merge(MetricState<B> other) {
    if (other == this) {
      throw new IllegalArgumentException("a state cannot be merged into itself");
    }
    AccumulatorState<B, ?> that = (AccumulatorState<B, ?>) other;
    checkIdentity(that.metric.identity());
    if (that.accumulator.getClass() != accumulator.getClass()) {
      throw new IllegalArgumentException(
          "two metrics \"%s\" gather in different ways: %s and %s"
              .formatted(
                  metric.identity(),
                  accumulator.getClass().getName(),
                  that.accumulator.getClass().getName()));
    }
    accumulator.merge((A) that.accumulator);
  }

  @Override
  public double compute() {
    return result.applyAsDouble(accumulator);
  }

  @Override
  public void reset() {
    accumulator.reset();
  }

  @Override
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeUTF(metric.identity());
      accumulator.write(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  @Override
  @SuppressWarnings("unchecked") // an accumulator refills its own type
  ToDoubleFunction<int[]> resampled(B batch) {
    if (accumulator instanceof Refillable<?, ?> refillable) {
      Function<int[], A> refill = ((Refillable<B, A>) refillable).refill(batch);
      return times -> result.applyAsDouble(refill.apply(times));
    }
    return times -> {
      int[] rows = Resamples.rows(times);
      return rows.length == 0 ? Double.NaN : metric.of(metric.batchType().cast(batch.select(rows)));
    };
  }

  @Override
  Accumulator<B, ?> accumulator() {
    return accumulator;
  }

  @Override
  void load(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        throw new IllegalArgumentException("these bytes are not the state of a metric");
      }
      checkVersion(in.readInt());
      checkIdentity(in.readUTF());
      accumulator.read(in);
      if (in.available() > 0) {
        throw new IllegalArgumentException(
            "the state of \"%s\" has %,d bytes too many"
                .formatted(metric.identity(), in.available()));
      }
    } catch (EOFException cut) {
      throw new IllegalArgumentException(
          "the state of \"%s\" is cut off after %,d bytes"
              .formatted(metric.identity(), bytes.length),
          cut);
    } catch (IOException damaged) {
      throw new IllegalArgumentException(
          "the state of \"%s\" is damaged".formatted(metric.identity()), damaged);
    }
  }

  private static void checkVersion(int version) {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the state has version %d, but this release reads version %d"
              .formatted(version, VERSION));
    }
  }

  private void checkIdentity(String found) {
    if (!metric.identity().equals(found)) {
      throw new IllegalArgumentException(
          "a state of \"%s\" was given to a state of \"%s\"; both must be of one metric with the"
                  .formatted(found, metric.identity())
              + " same options");
    }
  }
}

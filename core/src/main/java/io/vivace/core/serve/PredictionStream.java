package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.Predictor;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Answers streams of items, with a bound on how many are under way. Immutable and thread-safe; does
 * not own the predictor.
 *
 * <pre>{@code
 * try (Stream<String> lines = Files.lines(file)) {
 *   PredictionStream.of(embedder).window(128).stream(lines).forEach(result -> store(result.get()));
 * }
 *
 * PredictionStream.of(classifier).asReady().publisher(frames).subscribe(display);
 * }</pre>
 *
 * <p>Items are asked for by {@link Predictor#predictAsync(Object, CallOptions)}, so that they are
 * run in batches where that pays. An item that fails does not end the stream: its result holds the
 * error. A predictor that is closed does.
 *
 * <p>Defaults: results in the order of the items, at most 64 items under way, no options of the
 * calls.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class PredictionStream<I, O> {
  private static final int DEFAULT_WINDOW = 64;

  private final Predictor<I, O> predictor;
  private final int window;
  private final boolean ordered;
  private final CallOptions options;

  private PredictionStream(
      Predictor<I, O> predictor, int window, boolean ordered, CallOptions options) {
    this.predictor = predictor;
    this.window = window;
    this.ordered = ordered;
    this.options = options;
  }

  /**
   * Starts with a predictor.
   *
   * @param predictor answers the items
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a stream with default options
   */
  public static <I, O> PredictionStream<I, O> of(Predictor<I, O> predictor) {
    Objects.requireNonNull(predictor, "predictor must not be null");
    return new PredictionStream<>(predictor, DEFAULT_WINDOW, true, CallOptions.defaults());
  }

  /**
   * Sets how many items may be under way: taken from the source, and their result not yet handed
   * on. More than the predictor's {@code maxPending} would be refused by it.
   *
   * <p>Default: 64.
   *
   * @param items from 1 to 1,000,000
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public PredictionStream<I, O> window(int items) {
    if (items < 1 || items > 1_000_000) {
      throw new IllegalArgumentException("window must be from 1 to 1,000,000, but was " + items);
    }
    return new PredictionStream<>(predictor, items, ordered, options);
  }

  /**
   * Hands results on as soon as they are there, in any order: a slow item holds up nobody.
   *
   * @return a changed copy
   */
  public PredictionStream<I, O> asReady() {
    return new PredictionStream<>(predictor, window, false, options);
  }

  /**
   * Hands results on in the order of their items. The default.
   *
   * @return a changed copy
   */
  public PredictionStream<I, O> inOrder() {
    return new PredictionStream<>(predictor, window, true, options);
  }

  /**
   * Sets the options of each item's call; a deadline counts from when the item is taken.
   *
   * @param options the options
   * @return a changed copy
   */
  public PredictionStream<I, O> options(CallOptions options) {
    Objects.requireNonNull(options, "options must not be null");
    return new PredictionStream<>(predictor, window, ordered, options);
  }

  /**
   * Answers the items of a stream, lazily: items are taken while results are waited for, and none
   * once there is a result to hand on. So a source that is slow holds no result back.
   *
   * @param items the items, none of them null
   * @return a sequential stream, whose terminal operation throws {@link
   *     io.vivace.core.PredictorClosedException} if the predictor is closed, and {@link
   *     io.vivace.core.InferenceInterruptedException} if its thread is interrupted; closing it
   *     closes {@code items} and cancels what is under way
   */
  public Stream<StreamResult<I, O>> stream(Stream<? extends I> items) {
    PulledResults<I, O> results = new PulledResults<>(items.iterator(), this::ask, window, ordered);
    int traits = Spliterator.NONNULL | (ordered ? Spliterator.ORDERED : 0);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(results, traits), false)
        .onClose(results::cancel)
        .onClose(items::close);
  }

  /**
   * Answers the items of a publisher. Each subscriber gets a subscription to {@code items} of its
   * own. No more than the window is asked of the source ahead of what was handed on, and nothing is
   * handed on that was not asked for. If the source fails, the results under way are handed on
   * before the error.
   *
   * @param items the items
   * @return a publisher, as Reactive Streams rules it; it signals on the threads that complete the
   *     predictor's futures, and those of the source and of the subscriber
   */
  public Flow.Publisher<StreamResult<I, O>> publisher(Flow.Publisher<? extends I> items) {
    Objects.requireNonNull(items, "items must not be null");
    return subscriber ->
        items.subscribe(
            new PushedResults<>(
                Objects.requireNonNull(subscriber, "subscriber must not be null"),
                this::ask,
                window,
                ordered));
  }

  private ItemUnderWay<I, O> ask(long position, I item) {
    return ItemUnderWay.ask(predictor, position, item, options);
  }

  @Override
  public String toString() {
    return String.format(
        "PredictionStream[%s, window=%d, %s, %s]",
        predictor, window, ordered ? "in order" : "as ready", options);
  }
}

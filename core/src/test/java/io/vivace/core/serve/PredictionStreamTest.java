package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.testing.StubPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PredictionStreamTest {
  /** Answers when it is told to. */
  private static final class Manual extends Forwarding<Integer, String> {
    final ConcurrentLinkedQueue<CompletableFuture<String>> asked = new ConcurrentLinkedQueue<>();

    Manual() {
      super(StubPredictor.answering("never"));
    }

    @Override
    public CompletableFuture<String> predictAsync(Integer item, CallOptions options) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }

    void answer(int position) {
      asked.stream().skip(position).findFirst().orElseThrow().complete("answer " + position);
    }
  }

  /** Asks for what the test says and writes down what comes. */
  private static class Recording<T> implements Flow.Subscriber<T> {
    final List<T> items = java.util.Collections.synchronizedList(new ArrayList<>());
    final CompletableFuture<List<T>> end =
        new CompletableFuture<List<T>>().orTimeout(30, TimeUnit.SECONDS);
    Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(T item) {
      items.add(item);
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      end.complete(items);
    }
  }

  /** A source that gives numbers only as far as they are asked for. */
  private static final class Numbers implements Flow.Publisher<Integer> {
    final AtomicInteger given = new AtomicInteger();
    final AtomicBoolean cancelled = new AtomicBoolean();
    private final int count;

    Numbers(int count) {
      this.count = count;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Integer> subscriber) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long more) {
              for (long i = 0; i < more && given.get() < count && !cancelled.get(); i++) {
                subscriber.onNext(given.getAndIncrement());
                if (given.get() == count) {
                  subscriber.onComplete();
                }
              }
            }

            @Override
            public void cancel() {
              cancelled.set(true);
            }
          });
    }
  }

  private static StubPredictor<Integer, String> stub() {
    return StubPredictor.computing(
        item -> {
          if (item % 10 == 3) {
            throw new EngineException("three");
          }
          return "answer " + item;
        });
  }

  private static Stream<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stream_items_givesAResultForEach(boolean ordered) {
    PredictionStream<Integer, String> streams = PredictionStream.of(stub()).window(7);
    List<StreamResult<Integer, String>> results =
        (ordered ? streams.inOrder() : streams.asReady()).stream(numbers(100)).toList();
    assertThat(results).hasSize(100);
    for (StreamResult<Integer, String> result : results) {
      assertThat(result.position()).isEqualTo(result.item().longValue());
      if (result.item() % 10 == 3) {
        assertThat(result.outcome().error()).hasMessage("three");
      } else {
        assertThat(result.get()).isEqualTo("answer " + result.item());
      }
    }
    if (ordered) {
      assertThat(results).extracting(StreamResult::item).isSorted();
    }
  }

  @Test
  void stream_answersOutOfOrder_areHandedOnInOrder() throws Exception {
    Manual manual = new Manual();
    Iterator<StreamResult<Integer, String>> results =
        PredictionStream.of(manual).window(3).stream(numbers(5)).iterator();
    CompletableFuture<StreamResult<Integer, String>> first =
        CompletableFuture.supplyAsync(results::next);
    org.awaitility.Awaitility.await().until(() -> manual.asked.size() == 3);
    manual.answer(2);
    manual.answer(1);
    assertThat(first).isNotDone();
    manual.answer(0);
    assertThat(first.get(30, TimeUnit.SECONDS).get()).isEqualTo("answer 0");
    assertThat(results.next().get()).isEqualTo("answer 1");
    assertThat(manual.asked).hasSize(3); // nothing is taken while there are results to hand on
    assertThat(results.next().get()).isEqualTo("answer 2");
  }

  @Test
  void stream_asReady_handsOnWhatIsThere() throws Exception {
    Manual manual = new Manual();
    Iterator<StreamResult<Integer, String>> results =
        PredictionStream.of(manual).asReady().window(3).stream(numbers(5)).iterator();
    CompletableFuture<StreamResult<Integer, String>> first =
        CompletableFuture.supplyAsync(results::next);
    org.awaitility.Awaitility.await().until(() -> manual.asked.size() == 3);
    manual.answer(2);
    assertThat(first.get(30, TimeUnit.SECONDS).position()).isEqualTo(2);
  }

  @Test
  void stream_empty_isEmpty() {
    assertThat(PredictionStream.of(stub()).stream(Stream.<Integer>of())).isEmpty();
    assertThat(PredictionStream.of(stub()).asReady().stream(Stream.<Integer>of())).isEmpty();
  }

  @Test
  void stream_closed_closesTheSourceAndCancels() {
    Manual manual = new Manual();
    AtomicBoolean sourceClosed = new AtomicBoolean();
    Stream<StreamResult<Integer, String>> results =
        PredictionStream.of(manual).window(3).stream(
            numbers(5).onClose(() -> sourceClosed.set(true)));
    CompletableFuture<Boolean> pulled =
        CompletableFuture.supplyAsync(() -> results.iterator().next() != null);
    org.awaitility.Awaitility.await().until(() -> manual.asked.size() == 3);
    manual.answer(0);
    pulled.join();
    results.close();
    assertThat(sourceClosed).isTrue();
    assertThat(manual.asked.stream().skip(1)).allMatch(CompletableFuture::isCancelled);
  }

  @Test
  void stream_predictorClosed_ends() {
    StubPredictor<Integer, String> stub = stub();
    stub.close();
    Stream<StreamResult<Integer, String>> results = PredictionStream.of(stub).stream(numbers(3));
    assertThatThrownBy(results::toList).isInstanceOf(PredictorClosedException.class);
  }

  @Test
  void stream_interrupted_ends() {
    Iterator<StreamResult<Integer, String>> results =
        PredictionStream.of(new Manual()).stream(numbers(3)).iterator();
    Thread.currentThread().interrupt();
    assertThatThrownBy(results::next).isInstanceOf(InferenceInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void publisher_demand_isNeverExceededAndTheSourceNotRunAhead() {
    Numbers source = new Numbers(100);
    Recording<StreamResult<Integer, String>> recording = new Recording<>();
    PredictionStream.of(stub()).window(5).publisher(source).subscribe(recording);
    assertThat(source.given).hasValue(5);
    assertThat(recording.items).isEmpty();
    recording.subscription.request(3);
    assertThat(recording.items).hasSize(3);
    assertThat(source.given).hasValue(8);
    recording.subscription.request(Long.MAX_VALUE);
    assertThat(recording.end.join())
        .extracting(StreamResult::item)
        .containsExactlyElementsOf(numbers(100).toList());
  }

  @Test
  void publisher_asReady_handsOnInOrderOfCompletion() {
    Manual manual = new Manual();
    Recording<StreamResult<Integer, String>> recording = new Recording<>();
    PredictionStream.of(manual).asReady().publisher(new Numbers(3)).subscribe(recording);
    recording.subscription.request(10);
    manual.answer(1);
    manual.answer(2);
    manual.answer(0);
    assertThat(recording.end.join()).extracting(StreamResult::position).containsExactly(1L, 2L, 0L);
  }

  @Test
  void publisher_inOrder_waitsForTheFirst() {
    Manual manual = new Manual();
    Recording<StreamResult<Integer, String>> recording = new Recording<>();
    PredictionStream.of(manual).publisher(new Numbers(3)).subscribe(recording);
    recording.subscription.request(10);
    manual.answer(1);
    assertThat(recording.items).isEmpty();
    manual.answer(0);
    assertThat(recording.items).hasSize(2);
    manual.answer(2);
    assertThat(recording.end).isCompleted();
  }

  @Test
  void publisher_cancelled_cancelsSourceAndItems() {
    Manual manual = new Manual();
    Numbers source = new Numbers(100);
    Recording<StreamResult<Integer, String>> recording = new Recording<>();
    PredictionStream.of(manual).window(4).publisher(source).subscribe(recording);
    recording.subscription.request(10);
    manual.answer(0);
    recording.subscription.cancel();
    assertThat(source.cancelled).isTrue();
    assertThat(manual.asked.stream().skip(1)).allMatch(CompletableFuture::isCancelled);
    assertThat(recording.items).hasSize(1);
    assertThat(recording.end).isNotDone();
  }

  @Test
  void publisher_sourceFails_handsOnWhatIsUnderWayFirst() {
    Manual manual = new Manual();
    Recording<StreamResult<Integer, String>> recording = new Recording<>();
    Flow.Publisher<Integer> failing =
        subscriber ->
            subscriber.onSubscribe(
                new Flow.Subscription() {
                  private boolean ended;

                  @Override
                  public void request(long more) {
                    if (ended) {
                      return;
                    }
                    ended = true;
                    subscriber.onNext(0);
                    subscriber.onError(new IllegalStateException("source"));
                  }

                  @Override
                  public void cancel() {}
                });
    PredictionStream.of(manual).publisher(failing).subscribe(recording);
    recording.subscription.request(10);
    assertThat(recording.end).isNotDone();
    manual.answer(0);
    assertThat(recording.items).hasSize(1);
    assertThatThrownBy(recording.end::join).cause().hasMessage("source");
  }

  @Test
  void publisher_predictorClosed_ends() {
    StubPredictor<Integer, String> stub = stub();
    Numbers source = new Numbers(100);
    Recording<StreamResult<Integer, String>> recording = new Recording<>();
    stub.close();
    PredictionStream.of(stub).publisher(source).subscribe(recording);
    recording.subscription.request(10);
    assertThatThrownBy(recording.end::join).hasCauseInstanceOf(PredictorClosedException.class);
    assertThat(source.cancelled).isTrue();
  }

  @Test
  void publisher_badRequest_isAnError() {
    Recording<StreamResult<Integer, String>> recording = new Recording<>();
    PredictionStream.of(stub()).publisher(new Numbers(5)).subscribe(recording);
    recording.subscription.request(0);
    assertThatThrownBy(recording.end::join).hasCauseInstanceOf(IllegalArgumentException.class);
  }

  /** Many threads complete, one source submits, the subscriber asks in small steps. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publisher_manyThreads_losesNothing(boolean ordered) throws Exception {
    int count = 2_000;
    StubPredictor<Integer, String> stub = StubPredictor.computing(item -> "answer " + item);
    Forwarding<Integer, String> scattered =
        new Forwarding<>(stub) {
          @Override
          public CompletableFuture<String> predictAsync(Integer item, CallOptions options) {
            return CompletableFuture.supplyAsync(() -> predict(item));
          }
        };
    CountDownLatch done = new CountDownLatch(1);
    List<Integer> seen = new ArrayList<>();
    Random random = new Random(5);
    Recording<StreamResult<Integer, String>> recording =
        new Recording<>() {
          private int left = 1;

          @Override
          public void onSubscribe(Flow.Subscription given) {
            super.onSubscribe(given);
            given.request(1);
          }

          @Override
          public void onNext(StreamResult<Integer, String> result) {
            seen.add(result.item());
            left--;
            assertThat(left).isGreaterThanOrEqualTo(0);
            if (left == 0) {
              left = 1 + random.nextInt(9);
              subscription.request(left);
            }
          }

          @Override
          public void onComplete() {
            done.countDown();
          }
        };
    PredictionStream<Integer, String> streams = PredictionStream.of(scattered).window(32);
    try (SubmissionPublisher<Integer> source = new SubmissionPublisher<>()) {
      (ordered ? streams : streams.asReady()).publisher(source).subscribe(recording);
      for (int i = 0; i < count; i++) {
        source.submit(i);
      }
    }
    assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).hasSize(count).doesNotHaveDuplicates();
    if (ordered) {
      assertThat(seen).isSorted();
    }
  }

  @Test
  void options_deadline_reachesEachCall() {
    StubPredictor<Integer, String> slow = stub().taking(Duration.ofMillis(5));
    StreamResult<Integer, String> result =
        PredictionStream.of(slow).options(CallOptions.within(Duration.ofMillis(1))).stream(
                numbers(1))
            .findFirst()
            .orElseThrow();
    assertThat(result.outcome().error())
        .isInstanceOf(io.vivace.core.DeadlineExceededException.class);
  }

  @Test
  void window_outOfRange_isRefused() {
    assertThatThrownBy(() -> PredictionStream.of(stub()).window(0))
        .hasMessage("window must be from 1 to 1,000,000, but was 0");
  }
}

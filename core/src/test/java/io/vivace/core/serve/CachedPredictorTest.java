package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.testing.StubPredictor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CachedPredictorTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static StubPredictor<String, String> counting() {
    AtomicInteger count = new AtomicInteger();
    return StubPredictor.computing(item -> item + " " + count.incrementAndGet());
  }

  @Test
  void predict_sameItem_isAskedForOnce() {
    StubPredictor<String, String> stub = counting();
    try (var cached = CachedPredictor.of(stub).build()) {
      assertThat(cached.predict("x")).isEqualTo("x 1");
      assertThat(cached.predict("x")).isEqualTo("x 1");
      assertThat(cached.predictAsync("x").join()).isEqualTo("x 1");
      assertThat(cached.predictAll(List.of("x", "y", "x", "y")))
          .containsExactly("x 1", "y 2", "x 1", "y 2");
      assertThat(stub.calls()).containsExactly("x", "y");
      assertThat(cached.counts()).isEqualTo(new CacheCounts(4, 1, 2, 2));
    }
  }

  @Test
  void predict_sameItemAtTheSameTime_waitsForOneAnswer() throws Exception {
    StubPredictor<String, String> stub = counting().hold();
    try (var cached = CachedPredictor.of(stub).build()) {
      List<CompletableFuture<String>> answers = new ArrayList<>();
      answers.add(CompletableFuture.supplyAsync(() -> cached.predict("x")));
      stub.awaitRunning(1, LONG);
      answers.add(cached.predictAsync("x"));
      answers.add(CompletableFuture.supplyAsync(() -> cached.predictAll(List.of("x")).get(0)));
      await().until(() -> cached.counts().joined() == 2);
      stub.release();
      for (CompletableFuture<String> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("x 1");
      }
      assertThat(stub.calls()).hasSize(1);
    }
  }

  @Test
  void predict_failure_isNotRemembered() {
    StubPredictor<String, String> stub = counting();
    try (var cached = CachedPredictor.of(stub).build()) {
      stub.failNext(3, () -> new EngineException("broken"));
      assertThatThrownBy(() -> cached.predict("x")).hasMessage("broken");
      assertThatThrownBy(() -> cached.predictAsync("x").join()).cause().hasMessage("broken");
      assertThat(cached.predictEach(List.of("x")).get(0).error()).hasMessage("broken");
      assertThat(cached.counts().entries()).isZero();
      assertThat(cached.predict("x")).isEqualTo("x 1");
    }
  }

  @Test
  void predict_failureWhileOthersWait_isTheirsToo() throws Exception {
    StubPredictor<String, String> stub =
        StubPredictor.<String, String>failing(() -> new EngineException("broken")).hold();
    try (var cached = CachedPredictor.of(stub).build()) {
      CompletableFuture<String> first = cached.predictAsync("x");
      stub.awaitRunning(1, LONG);
      CompletableFuture<String> second = cached.predictAsync("x");
      stub.release();
      assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS)).cause().hasMessage("broken");
      assertThat(first).isCompletedExceptionally();
      assertThat(stub.calls()).hasSize(1);
    }
  }

  @Test
  void cancel_ofTheCallThatAsks_letsTheOthersAskAgain() throws Exception {
    StubPredictor<String, String> stub = counting().hold();
    try (var cached = CachedPredictor.of(stub).build()) {
      CompletableFuture<String> first = cached.predictAsync("x");
      stub.awaitRunning(1, LONG);
      CompletableFuture<String> second = cached.predictAsync("x");
      CompletableFuture<String> third = CompletableFuture.supplyAsync(() -> cached.predict("x"));
      await().until(() -> cached.counts().joined() == 2);
      first.cancel(false);
      stub.awaitRunning(2, LONG);
      stub.release();
      assertThat(second.get(30, TimeUnit.SECONDS)).startsWith("x ");
      assertThat(third.get(30, TimeUnit.SECONDS)).isEqualTo(second.join());
      assertThat(first).isCancelled();
    }
  }

  @Test
  void cancel_ofACallThatWaits_doesNotCancelTheAnswer() throws Exception {
    StubPredictor<String, String> stub = counting().hold();
    try (var cached = CachedPredictor.of(stub).build()) {
      CompletableFuture<String> first = cached.predictAsync("x");
      CompletableFuture<String> second = cached.predictAsync("x");
      second.cancel(false);
      stub.release();
      assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("x 1");
      assertThat(second).isCancelled();
    }
  }

  @Test
  void deadline_ofACallThatWaits_endsItsWaitOnly() throws Exception {
    StubPredictor<String, String> stub = counting().hold();
    try (var cached = CachedPredictor.of(stub).build()) {
      CompletableFuture<String> first = cached.predictAsync("x");
      stub.awaitRunning(1, LONG);
      CallOptions soon = CallOptions.within(Duration.ofMillis(5));
      assertThatThrownBy(() -> cached.predict("x", soon))
          .isInstanceOf(DeadlineExceededException.class);
      assertThatThrownBy(() -> cached.predictAsync("x", soon).get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(DeadlineExceededException.class);
      assertThat(cached.predictEach(List.of("x"), soon).get(0).error())
          .isInstanceOf(DeadlineExceededException.class);
      stub.release();
      assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("x 1");
    }
  }

  @Test
  void deadline_ofTheCallThatAsks_isNotThatOfTheOthers() throws Exception {
    StubPredictor<String, String> stub = counting();
    stub.failNext(1, () -> new DeadlineExceededException("no time"));
    stub.hold();
    try (var cached = CachedPredictor.of(stub).build()) {
      CompletableFuture<String> first = cached.predictAsync("x");
      stub.awaitRunning(1, LONG);
      CompletableFuture<String> second = cached.predictAsync("x");
      stub.release();
      assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("x 1");
      assertThatThrownBy(first::join).hasCauseInstanceOf(DeadlineExceededException.class);
    }
  }

  @Test
  void expireAfter_timePassed_asksAgain() {
    AtomicLong clock = new AtomicLong();
    try (var cached =
        CachedPredictor.of(counting())
            .expireAfter(Duration.ofSeconds(1))
            .clock(clock::get)
            .build()) {
      assertThat(cached.predict("x")).isEqualTo("x 1");
      clock.addAndGet(999_999_999);
      assertThat(cached.predict("x")).isEqualTo("x 1");
      clock.addAndGet(1);
      assertThat(cached.predict("x")).isEqualTo("x 2");
    }
  }

  @Test
  void maxEntries_manyItems_keepsNoMore() {
    try (var cached = CachedPredictor.of(counting()).maxEntries(10).build()) {
      IntStream.range(0, 1_000).forEach(i -> cached.predict("x" + i));
      assertThat(cached.counts().entries()).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void clear_everything_asksAgain() {
    try (var cached = CachedPredictor.of(counting()).build()) {
      cached.predict("x");
      cached.clear();
      assertThat(cached.predict("x")).isEqualTo("x 2");
    }
  }

  @Test
  void arrays_itemsAndAnswers_areComparedByContentAndCopied() {
    StubPredictor<float[], float[]> stub = StubPredictor.computing(item -> new float[] {item[0]});
    try (var cached = CachedPredictor.of(stub).build()) {
      float[] item = {1};
      float[] first = cached.predict(item);
      first[0] = 99;
      item[0] = 2;
      assertThat(cached.predict(new float[] {1})).containsExactly(1);
      assertThat(cached.predict(item)).containsExactly(2);
      assertThat(cached.predictAsync(new float[] {1}).join()).containsExactly(1);
      assertThat(stub.calls()).hasSize(2);
    }
  }

  @Test
  void key_ofTheUser_decidesWhatIsTheSame() {
    try (var cached = CachedPredictor.of(counting()).key(String::length).build()) {
      assertThat(cached.predict("a")).isEqualTo("a 1");
      assertThat(cached.predict("b")).isEqualTo("a 1");
    }
  }

  @Test
  void key_itemWithoutEquals_isRefusedWithAdvice() {
    StubPredictor<Object, String> stub = StubPredictor.answering("x");
    try (var cached = CachedPredictor.of(stub).build()) {
      assertThatThrownBy(() -> cached.predict(new Object()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("java.lang.Object has no equals of its own")
          .hasMessageContaining("key(function)");
      List<Outcome<String>> outcomes = cached.predictEach(List.of(new Object(), "fine"));
      assertThat(outcomes.get(0).isAnswered()).isFalse();
      assertThat(outcomes.get(1).get()).isEqualTo("x");
      assertThatThrownBy(() -> cached.predict(null)).isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void predictEach_callsThatNeedEachOthersItems_bothEnd() throws Exception {
    StubPredictor<String, String> stub = counting();
    try (var cached = CachedPredictor.of(stub).build()) {
      List<CompletableFuture<List<String>>> calls = new ArrayList<>();
      for (int c = 0; c < 8; c++) {
        boolean upwards = c % 2 == 0;
        calls.add(
            CompletableFuture.supplyAsync(
                () ->
                    cached.predictAll(
                        IntStream.range(0, 500)
                            .mapToObj(i -> "x" + (upwards ? i : 499 - i))
                            .toList())));
      }
      for (CompletableFuture<List<String>> call : calls) {
        assertThat(call.get(30, TimeUnit.SECONDS)).hasSize(500);
      }
      assertThat(stub.calls()).hasSize(500);
    }
  }

  @Test
  void close_twice_forgetsAndCloses() {
    StubPredictor<String, String> stub = counting();
    var cached = CachedPredictor.of(stub).build();
    cached.predict("x");
    cached.close();
    cached.close();
    assertThat(stub.isClosed()).isTrue();
    assertThatThrownBy(() -> cached.predict("x")).isInstanceOf(PredictorClosedException.class);
    assertThat(cached.predictAsync("x")).isCompletedExceptionally();
  }

  @Test
  void build_faultyOptions_listsAllFaults() {
    assertThatThrownBy(
            () -> CachedPredictor.of(counting()).maxEntries(0).expireAfter(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxEntries must be from 1 to 1,000,000,000, but was 0")
        .hasMessageContaining("expireAfter must be above 0, but was PT0S");
  }

  /** Our classes again, in a class loader that has no Caffeine. */
  private static final class WithoutCaffeine extends ClassLoader {
    WithoutCaffeine() {
      super(CachedPredictorTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("com.github.benmanes")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("io.vivace.core.serve.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void build_withoutCaffeine_namesWhatToAdd() throws Exception {
    Class<?> cached = new WithoutCaffeine().loadClass("io.vivace.core.serve.CachedPredictor");
    Object builder =
        cached
            .getMethod("of", io.vivace.core.Predictor.class)
            .invoke(null, StubPredictor.answering("x"));
    assertThatThrownBy(() -> builder.getClass().getMethod("build").invoke(builder))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("add the dependency com.github.ben-manes.caffeine:caffeine");
  }
}

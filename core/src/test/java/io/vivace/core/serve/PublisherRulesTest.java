package io.vivace.core.serve;

import io.vivace.core.testing.StubPredictor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The rules of Reactive Streams for publishers, from its own test kit, each as a test. */
@Timeout(120)
class PublisherRulesTest {
  @TestFactory
  Stream<DynamicTest> publisher_inOrder_keepsTheRules() {
    return rules(true);
  }

  @TestFactory
  Stream<DynamicTest> publisher_asReady_keepsTheRules() {
    return rules(false);
  }

  private static Stream<DynamicTest> rules(boolean ordered) {
    return Arrays.stream(FlowPublisherVerification.class.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> !method.getName().startsWith("untested_"))
        .sorted(Comparator.comparing(Method::getName))
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(method, ordered)));
  }

  private static void run(Method rule, boolean ordered) throws Throwable {
    Verification verification = new Verification(ordered);
    verification.setUp();
    try {
      rule.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        throw new TestAbortedException(skipped.getMessage());
      }
      throw e.getCause();
    }
  }

  private static final class Verification extends FlowPublisherVerification<Object> {
    private final boolean ordered;

    Verification(boolean ordered) {
      super(new TestEnvironment(500, 50));
      this.ordered = ordered;
    }

    @Override
    public Flow.Publisher<Object> createFlowPublisher(long elements) {
      Forwarding<Integer, String> scattered =
          new Forwarding<>(StubPredictor.<Integer, String>answering("x")) {
            @Override
            public CompletableFuture<String> predictAsync(
                Integer item, io.vivace.core.CallOptions options) {
              return CompletableFuture.supplyAsync(() -> predict(item));
            }
          };
      PredictionStream<Integer, String> streams = PredictionStream.of(scattered).window(4);
      Flow.Publisher<StreamResult<Integer, String>> results =
          (ordered ? streams : streams.asReady()).publisher(numbers(elements));
      return subscriber -> results.subscribe(texts(subscriber));
    }

    /** Results of two subscriptions are not equal, though they say the same. */
    private static Flow.@Nullable Subscriber<StreamResult<Integer, String>> texts(
        Flow.@Nullable Subscriber<? super Object> to) {
      return to == null ? null : new Texts(to);
    }

    private static Flow.Publisher<Integer> numbers(long elements) {
      Executor direct = Runnable::run;
      return subscriber -> {
        SubmissionPublisher<Integer> source = new SubmissionPublisher<>(direct, 1 << 20);
        source.subscribe(subscriber);
        for (int i = 0; i < Math.min(elements, 1 << 19); i++) {
          source.submit(i);
        }
        if (elements != Long.MAX_VALUE) {
          source.close();
        }
      };
    }

    @Override
    public Flow.Publisher<Object> createFailedFlowPublisher() {
      Flow.Publisher<Integer> failed =
          subscriber -> {
            SubmissionPublisher<Integer> source = new SubmissionPublisher<>();
            source.closeExceptionally(new IllegalStateException("the source failed"));
            source.subscribe(subscriber);
          };
      Flow.Publisher<StreamResult<Integer, String>> results =
          PredictionStream.of(StubPredictor.<Integer, String>answering("x")).publisher(failed);
      return subscriber -> results.subscribe(subscriber);
    }
  }

  private record Texts(Flow.Subscriber<? super Object> to)
      implements Flow.Subscriber<StreamResult<Integer, String>> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      to.onSubscribe(subscription);
    }

    @Override
    public void onNext(StreamResult<Integer, String> result) {
      to.onNext(result.toString());
    }

    @Override
    public void onError(Throwable error) {
      to.onError(error);
    }

    @Override
    public void onComplete() {
      to.onComplete();
    }
  }
}

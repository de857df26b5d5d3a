package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Asks a small model first, and a bigger one only where the small one is not sure. Thread-safe.
 *
 * <pre>{@code
 * Predictor<float[], Classification> cascade = CascadePredictor.of(small)
 *     .thenIf(answer -> answer.top().probability() < 0.9, medium)
 *     .thenIf(answer -> answer.top().probability() < 0.7, large);
 * }</pre>
 *
 * <p>Each stage looks at the answer of the one before it; the first answer that no later stage
 * wants to better is given. A call asks each stage at most once, so it sees one version of each of
 * their models: of a call of many items, those that go on are asked for together. An error of any
 * stage is the call's error; to be content with the smaller model's answer then, make the bigger
 * one a {@link FallbackPredictor}.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class CascadePredictor<I, O> extends Composite<I, O> {
  private final List<Stage<I, O>> stages;

  /**
   * A predictor and when it is asked.
   *
   * @param isUnsure judges the answer of the stage before
   * @param asked counts the items that came here
   */
  private record Stage<I, O>(
      Predicate<? super O> isUnsure, Predictor<I, O> predictor, LongAdder asked) {}

  private CascadePredictor(List<Stage<I, O>> stages) {
    super(stages.stream().map(Stage::predictor).toList());
    this.stages = stages;
  }

  /**
   * Starts a cascade.
   *
   * @param first is asked for every item; owned from now on
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a cascade of one stage
   */
  public static <I, O> CascadePredictor<I, O> of(Predictor<I, O> first) {
    Objects.requireNonNull(first, "the first predictor must not be null");
    return new CascadePredictor<>(List.of(new Stage<>(answer -> true, first, new LongAdder())));
  }

  /**
   * Returns this cascade with one more stage. It takes the stages over: use the new one only.
   *
   * @param isUnsure judges the last stage's answer: true if the next one should be asked
   * @param next is asked then; owned from now on
   * @return the longer cascade
   */
  public CascadePredictor<I, O> thenIf(Predicate<? super O> isUnsure, Predictor<I, O> next) {
    Objects.requireNonNull(isUnsure, "isUnsure must not be null");
    Objects.requireNonNull(next, "the next predictor must not be null");
    List<Stage<I, O>> longer = new ArrayList<>(stages);
    longer.add(new Stage<>(isUnsure, next, new LongAdder()));
    return new CascadePredictor<>(List.copyOf(longer));
  }

  /**
   * Tells how many items each stage was asked for: how much the small models save.
   *
   * @return one number per stage, not growing from one to the next
   */
  public long[] asked() {
    return stages.stream().mapToLong(stage -> stage.asked.sum()).toArray();
  }

  @Override
  public O predict(I item, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    O answer = ask(stages.get(0), 1).predict(item, time.options());
    for (int i = 1; i < stages.size() && isUnsure(i, answer); i++) {
      answer = ask(stages.get(i), 1).predict(item, time.options());
    }
    return answer;
  }

  private Predictor<I, O> ask(Stage<I, O> stage, int items) {
    stage.asked.add(items);
    return stage.predictor;
  }

  private boolean isUnsure(int stage, O answer) {
    try {
      return stages.get(stage).isUnsure.test(answer);
    } catch (RuntimeException e) {
      throw new EngineException("stage " + stage + " of a cascade could not judge: " + e, e);
    }
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    TimeLeft time = new TimeLeft(options);
    List<Outcome<O>> outcomes = ask(stages.get(0), items.size()).predictEach(items, time.options());
    boolean[] open = new boolean[items.size()];
    Arrays.fill(open, true);
    for (int i = 1; i < stages.size(); i++) {
      outcomes = better(i, items, outcomes, open, time);
    }
    return outcomes;
  }

  /** Asks a stage for the items whose last answer, of the stage before, is unsure. */
  private List<Outcome<O>> better(
      int stage, List<? extends I> items, List<Outcome<O>> found, boolean[] open, TimeLeft time) {
    Division<I, O> division = new Division<>(items);
    for (int i = 0; i < open.length; i++) {
      division.answer(i, found.get(i));
      try {
        open[i] &= found.get(i).isAnswered() && isUnsure(stage, found.get(i).get());
      } catch (InferenceException e) {
        division.fail(i, e);
        open[i] = false;
      }
      if (open[i]) {
        division.give(i, 0);
      }
    }
    return division.answer(
        (part, own) -> ask(stages.get(stage), own.size()).predictEach(own, time.options()), 1);
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    DerivedFuture<O> result = new DerivedFuture<>();
    try {
      askLater(result, 0, item, new TimeLeft(options));
    } catch (InferenceException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private void askLater(DerivedFuture<O> result, int stage, I item, TimeLeft time) {
    result.after(
        ask(stages.get(stage), 1).predictAsync(item, time.options()),
        (answer, error) -> {
          if (error != null) {
            result.completeExceptionally(error);
          } else if (stage + 1 < stages.size() && isUnsure(stage + 1, answer)) {
            askLater(result, stage + 1, item, time);
          } else {
            result.complete(answer);
          }
        });
  }

  @Override
  public String toString() {
    return "CascadePredictor" + stages.stream().map(Stage::predictor).toList();
  }
}

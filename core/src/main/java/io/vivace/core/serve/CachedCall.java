package io.vivace.core.serve;

import io.vivace.core.InferenceException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.serve.CachedPredictor.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call of many items of a cached predictor: asks for those that nobody has asked for, once
 * each, and only then waits for others. So two calls that wait for each other's items both end.
 */
final class CachedCall<I, O> {
  private final CachedPredictor<I, O> cache;
  private final Predictor<I, O> predictor;
  private final List<? extends I> items;
  private final TimeLeft time;
  private final List<@Nullable Outcome<O>> outcomes = new ArrayList<>();
  private final List<@Nullable Entry<O>> entries = new ArrayList<>();

  /** What this call asks the predictor for, and the first item of each. */
  private final Map<Entry<O>, I> ours = new LinkedHashMap<>();

  CachedCall(
      CachedPredictor<I, O> cache,
      Predictor<I, O> predictor,
      List<? extends I> items,
      TimeLeft time) {
    this.cache = cache;
    this.predictor = predictor;
    this.items = items;
    this.time = time;
  }

  List<Outcome<O>> run() {
    try {
      items.forEach(this::enter);
      ask();
    } catch (Throwable e) {
      ours.keySet().forEach(entry -> cache.fail(entry, e));
      throw e;
    }
    List<Outcome<O>> all = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Outcome<O> known = outcomes.get(i);
      all.add(known != null ? known : answer(items.get(i), Objects.requireNonNull(entries.get(i))));
    }
    return all;
  }

  private void enter(I item) {
    Object content;
    try {
      content = cache.content(item);
    } catch (InferenceException e) {
      entries.add(null);
      outcomes.add(Outcome.failed(e));
      return;
    }
    Entry<O> entry = cache.enter(content);
    if (entry.isOurs()) {
      ours.put(entry, item);
    }
    entries.add(entry);
    outcomes.add(null);
  }

  private void ask() {
    if (ours.isEmpty()) {
      return;
    }
    var answers = predictor.predictEach(new ArrayList<>(ours.values()), time.options()).iterator();
    for (Entry<O> entry : ours.keySet()) {
      Outcome<O> outcome = answers.next();
      if (outcome.isAnswered()) {
        entry.answer().complete(outcome.get());
      } else {
        cache.fail(entry, outcome.error());
      }
    }
  }

  private Outcome<O> answer(I item, Entry<O> entry) {
    try {
      if (entry.answer().isCompletedExceptionally() && ours.containsKey(entry)) {
        return Outcome.failed(error(entry));
      }
      O answer = cache.follow(entry, time);
      return Outcome.of(answer != null ? answer : cache.predict(item, time.options()));
    } catch (InferenceException e) {
      return Outcome.failed(e);
    }
  }

  /** Our own error is ours, whatever it is. */
  private static InferenceException error(Entry<?> entry) {
    try {
      entry.answer().join();
      throw new AssertionError("the answer has no error");
    } catch (java.util.concurrent.CompletionException e) {
      return (InferenceException) Objects.requireNonNull(e.getCause());
    }
  }
}

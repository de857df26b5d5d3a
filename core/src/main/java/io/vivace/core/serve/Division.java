package io.vivace.core.serve;

import io.vivace.core.InferenceException;
import io.vivace.core.InferenceException.Code;
import io.vivace.core.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Items of one call that are answered in parts, and put together again in their order. */
final class Division<I, O> {
  private static final int NOWHERE = -1;

  private final List<? extends I> items;
  private final int[] partOf;
  private final @Nullable Outcome<O>[] outcomes;

  Division(List<? extends I> items) {
    this.items = items;
    this.partOf = new int[items.size()];
    Arrays.fill(partOf, NOWHERE);
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    @Nullable Outcome<O>[] empty = new Outcome[items.size()];
    this.outcomes = empty;
  }

  /** Answers the items of a part; the outcomes are in their order. */
  interface Part<I, O> {
    List<Outcome<O>> answer(int part, List<I> items);
  }

  void give(int item, int part) {
    partOf[item] = part;
  }

  void fail(int item, InferenceException error) {
    outcomes[item] = Outcome.failed(error);
  }

  void answer(int item, Outcome<O> outcome) {
    outcomes[item] = outcome;
  }

  /** Answers part after part. A part that fails as a whole fails its own items. */
  List<Outcome<O>> answer(Part<I, O> parts, int count) {
    for (int part = 0; part < count; part++) {
      answerPart(parts, part);
    }
    return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  private void answerPart(Part<I, O> parts, int part) {
    List<I> own = new ArrayList<>();
    for (int i = 0; i < partOf.length; i++) {
      if (partOf[i] == part) {
        own.add(items.get(i));
      }
    }
    if (own.isEmpty()) {
      return;
    }
    List<Outcome<O>> answers;
    try {
      answers = parts.answer(part, own);
    } catch (InferenceException e) {
      if (e.code() == Code.CLOSED || e.code() == Code.INTERRUPTED) {
        throw e; // concerns the whole call
      }
      answers = own.stream().map(item -> Outcome.<O>failed(e)).toList();
    }
    int next = 0;
    for (int i = 0; i < partOf.length; i++) {
      if (partOf[i] == part) {
        outcomes[i] = answers.get(next++);
      }
    }
  }
}

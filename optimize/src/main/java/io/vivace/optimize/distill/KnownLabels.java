package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vivace.optimize.train.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A loss of the labelled rows of a batch, times their part of it; 0 where there is none. */
record KnownLabels<Y>(Loss<Y> loss) implements Loss<Lesson<Y>> {
  @Override
  public NDArray of(NDList outputs, List<Lesson<Y>> lessons) {
    List<Y> labels = new ArrayList<>();
    long[] rows = new long[lessons.size()];
    for (int row = 0; row < rows.length; row++) {
      Optional<Y> label = lessons.get(row).label();
      if (label.isPresent()) {
        rows[labels.size()] = row;
        labels.add(label.get());
      }
    }
    NDArray scores = outputs.head();
    if (labels.isEmpty()) {
      return scores.sum().mul(Loss.number(scores, 0));
    }
    NDArray known =
        labels.size() == rows.length
            ? scores
            : scores.get(scores.getManager().create(Arrays.copyOf(rows, labels.size())));
    float part = labels.size() / (float) rows.length;
    NDArray mean = loss.of(new NDList(known), labels);
    return mean.mul(Loss.number(mean, part));
  }
}

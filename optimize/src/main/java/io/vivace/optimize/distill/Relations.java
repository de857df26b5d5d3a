package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import io.vivace.optimize.train.Loss;

/** The formulas of {@link ValueLoss}. */
final class Relations {
  /** Keeps the root's gradient finite where a length is 0: there it is 0. */
  private static final float SMALLEST_SQUARE = 1e-12f;

  private static final int[] LAST = {-1};

  private Relations() {}

  static NDArray cosine(NDArray student, NDArray teacher) {
    NDArray products = unit(flat(student)).mul(unit(flat(teacher))).sum(LAST);
    return products.mean().neg().add(1f);
  }

  static NDArray attention(NDArray student, NDArray teacher) {
    NDArray difference = unit(map(student)).sub(unit(map(teacher)));
    return difference.square().sum(LAST).mean();
  }

  private static NDArray map(NDArray value) {
    return flat(value.square().sum(new int[] {1}));
  }

  static NDArray similarity(NDArray student, NDArray teacher) {
    return unit(products(student)).sub(unit(products(teacher))).square().mean();
  }

  private static NDArray products(NDArray value) {
    NDArray rows = flat(value);
    return rows.matMul(rows.transpose(1, 0));
  }

  static NDArray distances(NDArray student, NDArray teacher) {
    return huber(relative(student).sub(relative(teacher)));
  }

  /** The distances between rows, divided by their mean over pairs of different rows. */
  private static NDArray relative(NDArray value) {
    long rows = value.getShape().get(0);
    NDArray apart = value.getManager().eye(Math.toIntExact(rows)).neg().add(1f);
    NDArray lengths = length(differences(value)).reshape(rows, rows).mul(apart);
    NDArray mean = lengths.sum().div(Loss.number(value, (double) Math.max(1, rows * (rows - 1))));
    return lengths.div(mean.maximum(Loss.number(mean, SMALLEST_SQUARE)));
  }

  static NDArray angles(NDArray student, NDArray teacher) {
    return huber(corners(student).sub(corners(teacher)));
  }

  private static NDArray corners(NDArray value) {
    NDArray sides = unit(differences(value));
    return sides.matMul(sides.transpose(0, 2, 1));
  }

  private static NDArray differences(NDArray value) {
    NDArray rows = flat(value);
    return rows.expandDims(0).sub(rows.expandDims(1));
  }

  static NDArray contrastive(NDArray student, NDArray teacher, double temperature) {
    NDArray cosines = unit(flat(student)).matMul(unit(flat(teacher)).transpose(1, 0));
    int rows = Math.toIntExact(cosines.getShape().get(0));
    NDArray right = cosines.getManager().eye(rows);
    NDArray logs = cosines.div(Loss.number(cosines, temperature)).logSoftmax(1);
    return logs.mul(right).sum().div(Loss.number(logs, -rows));
  }

  private static NDArray flat(NDArray value) {
    long rows = value.getShape().get(0);
    return value.reshape(rows, value.getShape().size() / rows);
  }

  private static NDArray unit(NDArray rows) {
    return rows.div(length(rows));
  }

  private static NDArray length(NDArray rows) {
    NDArray smallest = Loss.number(rows, SMALLEST_SQUARE);
    return rows.square().sum(LAST, true).maximum(smallest).sqrt();
  }

  private static NDArray huber(NDArray difference) {
    NDArray size = difference.abs();
    NDArray inside = size.minimum(Loss.number(size, 1));
    return inside.square().mul(Loss.number(size, 0.5)).add(size.sub(inside)).mean();
  }
}

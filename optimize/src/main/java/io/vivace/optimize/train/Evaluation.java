package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Measures a network on validation data. */
final class Evaluation<X, Y, O> {
  private final TrainerOptions<X, Y, O> options;
  private final Network network;
  private final Encoder<X> encoder;

  Evaluation(TrainerOptions<X, Y, O> options, Network network, Encoder<X> encoder) {
    this.options = options;
    this.network = network;
    this.encoder = encoder;
  }

  /** Returns the mean loss over the examples, and each metric. */
  Map<String, Double> of(Dataset<X, Y> examples) {
    int size = options.batchSize();
    int count = BatchOrder.count(examples.size(), size);
    List<O> answers = new ArrayList<>(examples.size());
    double sum = 0;
    try (Prefetch<Batch<Y>> batches =
        new Prefetch<>(0, count, number -> batch(examples, number, count))) {
      for (int i = 0; i < count; i++) {
        Batch<Y> batch = batches.take();
        sum += lossOf(batch, answers) * batch.labels().size();
      }
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Fit.VALIDATION_LOSS, sum / examples.size());
    List<Y> truth = examples.labels();
    options
        .metrics()
        .forEach((name, metric) -> values.put(name, metric.applyAsDouble(truth, answers)));
    return values;
  }

  private Batch<Y> batch(Dataset<X, Y> examples, int number, int count) {
    int from = number * options.batchSize();
    int to = number == count - 1 ? examples.size() : from + options.batchSize();
    return encoder.checked(examples, IntStream.range(from, to).toArray());
  }

  private double lossOf(Batch<Y> batch, List<O> answers) {
    try (NDManager manager = network.manager().newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDList outputs = network.forward(batch.arrays(manager), false);
      if (!options.metrics().isEmpty()) {
        for (OutputRow row : OutputRow.of(own(outputs), batch, encoder.signature())) {
          answers.add(options.output().decode(row));
        }
      }
      return Step.scalar(options.loss().of(outputs, batch.labels()));
    }
  }

  /** Without what is meant for the loss alone. */
  private static NDList own(NDList outputs) {
    NDList own = new NDList();
    for (NDArray output : outputs) {
      if (output.getName() == null || !output.getName().startsWith(AttachedLoss.PREFIX)) {
        own.add(output);
      }
    }
    return own;
  }
}

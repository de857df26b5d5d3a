package io.vivace.optimize.train.graph;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Convolutions of 231 shapes with odd numbers of channels, batch 16: how far output and gradients
 * in single precision are from those in double precision. For tests and benchmarks.
 */
public final class ConvolutionSweep {
  private static final int[] INPUTS = {1, 3, 5, 7, 9, 13, 17, 20, 24, 31, 40};
  private static final int[] OUTPUTS = {1, 3, 7, 10, 17, 24, 33};
  private static final int[] KERNELS = {1, 3, 5};
  private static final int BATCH = 16;
  private static final int SIZE = 7;

  private ConvolutionSweep() {}

  /**
   * Measures shapes.
   *
   * @param every 1 for all 231 shapes, 2 for every second one, and so on
   * @param padded whether channels are padded as on machines with faulty convolutions
   * @return the largest difference over the largest value, by shape
   */
  public static Map<String, Double> differences(int every, boolean padded) {
    Map<String, Double> result = new LinkedHashMap<>();
    int number = 0;
    for (int inputs : INPUTS) {
      for (int outputs : OUTPUTS) {
        for (int kernel : KERNELS) {
          if (number++ % every == 0) {
            String name = "%d to %d channels, kernel %d".formatted(inputs, outputs, kernel);
            result.put(name, difference(inputs, outputs, kernel, padded));
          }
        }
      }
    }
    return result;
  }

  private static double difference(int inputs, int outputs, int kernel, boolean padded) {
    try (NDManager manager = TrainingEngine.newManager()) {
      double[] x = random(BATCH * inputs * SIZE * SIZE, 1);
      double[] w = random(outputs * inputs * kernel * kernel, 2);
      Shape weights = new Shape(outputs, inputs, kernel, kernel);
      Shape shape = new Shape(BATCH, inputs, SIZE, SIZE);
      List<double[]> single =
          run(
              manager,
              array(manager, x, shape, DataType.FLOAT32),
              array(manager, w, weights, DataType.FLOAT32),
              padded);
      List<double[]> exact =
          run(
              manager,
              array(manager, x, shape, DataType.FLOAT64),
              array(manager, w, weights, DataType.FLOAT64),
              false);
      double worst = 0;
      for (int i = 0; i < exact.size(); i++) {
        worst = Math.max(worst, difference(single.get(i), exact.get(i)));
      }
      return worst;
    }
  }

  private static NDArray array(NDManager manager, double[] values, Shape shape, DataType type) {
    return manager.create(values, shape).toType(type, true);
  }

  private static double difference(double[] is, double[] must) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < must.length; i++) {
      largest = Math.max(largest, Math.abs(must[i]));
      difference = Math.max(difference, Math.abs(is[i] - must[i]));
    }
    return difference / largest;
  }

  private static double[] random(int count, long seed) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }

  /** The output and the gradients of input and weight. */
  private static List<double[]> run(NDManager manager, NDArray x, NDArray w, boolean padded) {
    Engine engine = TrainingEngine.find();
    long pad = w.getShape().get(2) / 2;
    long[] kernel = {w.getShape().get(2), w.getShape().get(3)};
    Window window =
        new Window(
            kernel, Window.ones(2), Window.ones(2), new long[] {pad, pad}, new long[] {pad, pad});
    try (GradientCollector collector = engine.newGradientCollector()) {
      x.setRequiresGradient(true);
      w.setRequiresGradient(true);
      NDArray output = Convolutions.run(padded, x, w, null, window, 1);
      NDArray weights =
          manager
              .arange(0, (int) output.size(), 1, DataType.FLOAT64)
              .cos()
              .toType(x.getDataType(), false)
              .reshape(output.getShape());
      collector.backward(new NDList(output.mul(weights).sum()).singletonOrThrow());
      List<double[]> results = new ArrayList<>();
      for (NDArray each : List.of(output, x.getGradient(), w.getGradient())) {
        results.add(each.toType(DataType.FLOAT64, false).toDoubleArray());
      }
      return results;
    }
  }
}

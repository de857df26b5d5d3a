package io.vivace.examples.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import io.vivace.core.Predictor;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.RowWriter;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.TensorSpec;
import io.vivace.optimize.train.export.BlockExport;
import io.vivace.optimize.train.graph.GraphNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Convolutions of 231 shapes with odd numbers of channels, batch 16, beside sums in double
 * precision of our own: the native library's are wrong on some machines. A figure is the largest
 * difference over the largest value, in millionths. {@code convolve.pt} is the TorchScript of
 * {@code conv2d(x, w[0], padding=w.size(3) // 2)}.
 */
final class ConvolutionFigures {
  private static final int[] INPUTS = {1, 3, 5, 7, 9, 13, 17, 20, 24, 31, 40};
  private static final int[] OUTPUTS = {1, 3, 7, 10, 17, 24, 33};
  private static final int[] KERNELS = {1, 3, 5};
  private static final int BATCH = 16;
  private static final int SIZE = 7;
  private static final double BOUND = 1e-3;

  private final String suite;
  private final Consumer<Figure> figures;

  ConvolutionFigures(String suite, Consumer<Figure> figures) {
    this.suite = suite;
    this.figures = figures;
  }

  /** Outputs, the gradient of the loss by them, and what the two gradients must be. */
  @SuppressWarnings("ArrayRecordComponent") // Read only, never compared.
  private record Case(int inputs, int outputs, int kernel, float[] x, float[] w, float[] upstream) {
    static Case of(int inputs, int outputs, int kernel) {
      Random random = new Random(inputs * 1000L + outputs * 10L + kernel);
      return new Case(
          inputs,
          outputs,
          kernel,
          random(random, BATCH * inputs * SIZE * SIZE),
          random(random, outputs * inputs * kernel * kernel),
          random(random, BATCH * outputs * SIZE * SIZE));
    }

    private static float[] random(Random random, int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = 2 * random.nextFloat() - 1;
      }
      return values;
    }

    Shape shape() {
      return new Shape(BATCH, inputs, SIZE, SIZE);
    }

    /** Output, gradient of the input, gradient of the weights. */
    List<double[]> truth() {
      double[] y = new double[upstream.length];
      double[] dx = new double[x.length];
      double[] dw = new double[w.length];
      for (int image = 0; image < BATCH; image++) {
        for (int out = 0; out < outputs; out++) {
          for (int in = 0; in < inputs; in++) {
            add(image, out, in, y, dx, dw);
          }
        }
      }
      return List.of(y, dx, dw);
    }

    private void add(int image, int out, int in, double[] y, double[] dx, double[] dw) {
      int from = (image * inputs + in) * SIZE * SIZE;
      int to = (image * outputs + out) * SIZE * SIZE;
      int weights = (out * inputs + in) * kernel * kernel;
      for (int tap = 0; tap < kernel * kernel; tap++) {
        int down = tap / kernel - kernel / 2;
        int right = tap % kernel - kernel / 2;
        for (int row = Math.max(0, -down); row < Math.min(SIZE, SIZE - down); row++) {
          for (int column = Math.max(0, -right); column < Math.min(SIZE, SIZE - right); column++) {
            int pixel = from + (row + down) * SIZE + column + right;
            int result = to + row * SIZE + column;
            y[result] += (double) x[pixel] * w[weights + tap];
            dx[pixel] += (double) upstream[result] * w[weights + tap];
            dw[weights + tap] += (double) upstream[result] * x[pixel];
          }
        }
      }
    }
  }

  void run() throws IOException {
    Path folder = Files.createTempDirectory("vivace-convolutions");
    double[] worst = new double[4];
    for (int inputs : INPUTS) {
      for (int outputs : OUTPUTS) {
        for (int kernel : KERNELS) {
          Case one = Case.of(inputs, outputs, kernel);
          List<double[]> truth = one.truth();
          List<double[]> trained = trained(one, folder);
          for (int i = 0; i < trained.size(); i++) {
            worst[i] = Math.max(worst[i], difference(trained.get(i), truth.get(i)));
          }
          worst[3] = Math.max(worst[3], difference(predicted(one), truth.get(0)));
        }
      }
    }
    report("interpreter-forward", worst[0]);
    report("interpreter-gradient-of-input", worst[1]);
    report("interpreter-gradient-of-weights", worst[2]);
    report("pytorch-predictor", worst[3]);
  }

  private void report(String where, double worst) {
    figures.accept(
        Figure.lower(suite, "convolution-" + where, worst * 1e6, BOUND * 1e6, "1e-6", "bar"));
  }

  private static double difference(double[] is, double[] must) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < must.length; i++) {
      largest = Math.max(largest, Math.abs(must[i]));
      double off = Math.abs(is[i] - must[i]);
      difference = Math.max(difference, Double.isNaN(off) ? Double.POSITIVE_INFINITY : off);
    }
    return difference / largest;
  }

  /** The same three, in the interpreter of ONNX graphs. */
  private static List<double[]> trained(Case one, Path folder) {
    Path file = folder.resolve("convolution.onnx");
    Engine engine = Engine.getEngine("PyTorch");
    try (NDManager manager = engine.newBaseManager()) {
      Conv2d block =
          Conv2d.builder()
              .setKernelShape(new Shape(one.kernel(), one.kernel()))
              .optPadding(new Shape(one.kernel() / 2, one.kernel() / 2))
              .setFilters(one.outputs())
              .optBias(false)
              .build();
      block.initialize(manager, DataType.FLOAT32, one.shape());
      block.getParameters().valueAt(0).getArray().set(one.w());
      BlockExport.write(block, file);
      try (GraphNetwork network = GraphNetwork.open(ModelSource.path(file));
          GradientCollector collector = engine.newGradientCollector()) {
        NDArray x = manager.create(one.x(), one.shape());
        x.setRequiresGradient(true);
        NDArray y = network.forward(new NDList(x), true).get(0);
        collector.backward(y.mul(manager.create(one.upstream(), y.getShape())).sum());
        NDArray w = network.parameters().values().iterator().next();
        return List.of(doubles(y), doubles(x.getGradient()), doubles(w.getGradient()));
      }
    }
  }

  private static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, false).toDoubleArray();
  }

  private static double[] predicted(Case one) {
    try (Predictor<Integer, float[]> predictor =
        Predictor.builder()
            .model(ModelSource.path(Models.file("/io/vivace/examples/benchmarks/convolve.pt")))
            .input(new Images(one))
            .output(VectorOutput.floats())
            .build()) {
      List<Integer> images = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        images.add(i);
      }
      return predictor.predictAll(images).stream()
          .flatMapToDouble(ConvolutionFigures::doubles)
          .toArray();
    }
  }

  private static java.util.stream.DoubleStream doubles(float[] values) {
    return java.util.stream.IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }

  /** An image of a case, and all its weights. */
  private record Images(Case one) implements Preprocessor<Integer> {
    @Override
    public List<TensorSpec> tensors() {
      return List.of(
          TensorSpec.of("x", ElementType.FLOAT32, one.inputs(), SIZE, SIZE),
          TensorSpec.of(
              "w", ElementType.FLOAT32, one.outputs(), one.inputs(), one.kernel(), one.kernel()));
    }

    @Override
    public EncodedRow encode(Integer image) {
      int length = one.inputs() * SIZE * SIZE;
      float[] x = Arrays.copyOfRange(one.x(), image * length, (image + 1) * length);
      return (int tensor, RowWriter out) -> out.putFloats(tensor == 0 ? x : one.w());
    }
  }
}

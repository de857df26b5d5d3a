package io.vivace.examples.benchmarks;

import io.vivace.optimize.train.graph.QuantizationAware;
import java.util.function.Consumer;

/**
 * Training: from nothing, of an ONNX graph that keeps its structure, and the time of a step. Start
 * the JVM with {@code -Dai.djl.pytorch.num_threads=1}; where the images come from is said at {@link
 * FashionMnist}.
 */
final class TrainSuite implements Suite {
  @Override
  public String name() {
    return "train";
  }

  @Override
  public String description() {
    return "training: from nothing, structural, sparse, quantization-aware; time of a step";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    StepFigures steps = new StepFigures(name(), figures);
    ScratchFigures scratch = new ScratchFigures(name(), figures);
    TuningFigures tuning = new TuningFigures(name(), figures);
    ConvolutionFigures convolutions = new ConvolutionFigures(name(), figures);
    new Sections()
        .add("convolutions", convolutions::run)
        .add("step-graph", steps::graph)
        .add("step-block", steps::block)
        .add("two-epochs", scratch::twoEpochs)
        .add("converged", scratch::converged)
        .add("structural", tuning::structural)
        .add("sparse", tuning::sparse)
        .add("qat-w8a8", () -> tuning.quantized(QuantizationAware.w8a8()))
        .add("qat-w4a8", () -> tuning.quantized(QuantizationAware.w4a8()))
        .add("qat-w4a4", () -> tuning.quantized(QuantizationAware.w4a4()))
        .run();
  }
}

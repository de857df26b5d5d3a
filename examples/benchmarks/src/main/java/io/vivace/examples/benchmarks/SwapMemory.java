package io.vivace.examples.benchmarks;

import io.vivace.core.serve.SwappablePredictor;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** How the resident size of a process grows while models are swapped under load. */
final class SwapMemory {
  private static final int SETTLED_AFTER = Scale.count(200, 20);
  private static final int SWAPS = SETTLED_AFTER + Scale.count(1_000, 60);

  private SwapMemory() {}

  /** Kilobytes a swap, measured as {@link NativeMemory} does and for the same reasons. */
  static double slope() throws IOException, InterruptedException {
    return NativeMemory.inOwnProcess(SwapMemory.class);
  }

  /**
   * Prints the slope.
   *
   * @param args none
   * @throws Exception if a swap fails
   */
  public static void main(String[] args) throws Exception {
    double[] kilobytes = new double[SWAPS];
    LongAdder[] byVersion = {new LongAdder(), new LongAdder(), new LongAdder()};
    LongAdder failures = new LongAdder();
    try (SwappablePredictor<float[], float[]> predictor = Lookup.builder().buildSwappable()) {
      SwapLoad load =
          new SwapLoad(predictor, new LongAdder(), failures, new LongAdder(), byVersion);
      load.start();
      for (int swap = 0; swap < SWAPS; swap++) {
        predictor.swap(Lookup.version(swap % 2 == 0 ? 2 : 1));
        kilobytes[swap] = NativeMemory.residentKilobytes();
      }
      load.stop();
    }
    if (failures.sum() > 0) {
      throw new IllegalStateException(failures.sum() + " requests failed");
    }
    System.out.println(NativeMemory.slope(Arrays.copyOfRange(kilobytes, SETTLED_AFTER, SWAPS)));
  }
}

package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.ThreadMXBean;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.engines.contract.ContractModels;
import io.vivace.engines.contract.Golden;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SteadyStateTest {
  private static final int RUNS = 20_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private interface Run {
    void run() throws OrtException;
  }

  /** Heap bytes of one run: the least of several rounds, since compilers allocate too. */
  private static long bytes(Run run) throws OrtException {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 4; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < RUNS; i++) {
        run.run();
      }
      least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / RUNS);
    }
    return least;
  }

  @Test
  void run_sameShapeAgain_allocatesNoMoreThanTheNativeBindingDoes() throws OrtException {
    long floor = bytesOfBinding();
    OnnxRuntimeProvider provider = new OnnxRuntimeProvider();
    Golden golden = Golden.of(ContractModels.DIGITS).get(0);
    try (LoadedModel model =
            provider.open(
                ContractModels.artifact(ContractModels.DIGITS, ModelFormat.ONNX),
                provider.defaultOptions());
        ExecutionContext context = model.newContext()) {
      golden.run(context);
      assertThat(bytes(context::run)).isLessThanOrEqualTo(floor);
    }
  }

  private static long bytesOfBinding() throws OrtException {
    OrtEnvironment environment = SharedEnvironment.start();
    ByteBuffer in = ByteBuffer.allocateDirect(64 * Float.BYTES).order(ByteOrder.nativeOrder());
    ByteBuffer out = ByteBuffer.allocateDirect(10 * Float.BYTES).order(ByteOrder.nativeOrder());
    String file = ContractModels.file(ContractModels.DIGITS, ModelFormat.ONNX).toString();
    try (OrtSession session = environment.createSession(file);
        OnnxTensor x =
            OnnxTensor.createTensor(environment, in.asFloatBuffer(), new long[] {1, 64});
        OnnxTensor y =
            OnnxTensor.createTensor(environment, out.asFloatBuffer(), new long[] {1, 10})) {
      Map<String, OnnxTensor> inputs = Map.of("input", x);
      Map<String, OnnxTensor> outputs = Map.of("logits", y);
      return bytes(() -> session.run(inputs, outputs).close());
    }
  }
}

package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.vivace.core.ModelLoadException;
import io.vivace.core.spi.NumericsCheck;
import io.vivace.core.spi.NumericsCheck.Case;
import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Tests once that the native library computes right on this machine. No version of it is known to
 * fail, and so no cure: where it fails, no model is opened.
 */
final class NativeSelfTest {
  private static final NativeSelfTest SHARED = new NativeSelfTest(NativeSelfTest::calculate);

  private final Function<Case, Tensor> engine;
  private String verdict = "";

  /** Makes a test that has not run. */
  NativeSelfTest(Function<Case, Tensor> engine) {
    this.engine = engine;
  }

  /** The test of this process. */
  static NativeSelfTest shared() {
    return SHARED;
  }

  /** The verdict in a sentence; empty if the test did not run. */
  synchronized String verdict() {
    return verdict;
  }

  /**
   * Makes sure that the library computes right.
   *
   * @throws ModelLoadException if it does not
   */
  synchronized void ensure() {
    if (verdict.equals("passed")) {
      return;
    }
    Optional<String> fault = NumericsCheck.firstFault(NumericsCheck.cases(), engine);
    verdict = fault.map(what -> "failed: " + what).orElse("passed");
    if (fault.isPresent()) {
      throw new ModelLoadException(
          String.format(
              "the native library of engine %s cannot be trusted on this machine: %s. Use another"
                  + " version of com.microsoft.onnxruntime:onnxruntime, or another machine."
                  + " OnnxRuntimeOptions.selfTest(false) runs models all the same.",
              OnnxRuntimeOptions.ENGINE, fault.get()));
    }
  }

  private static Tensor calculate(Case calculation) {
    OrtEnvironment environment = SharedEnvironment.start();
    String graph = calculation.operation().name().toLowerCase(Locale.ROOT) + ".onnx";
    Map<String, OnnxTensor> feeds = new TreeMap<>();
    try (SessionOptions options = SessionFactory.options(OnnxRuntimeOptions.cpu());
        OrtSession session = environment.createSession(read(graph), options)) {
      List<String> names = List.copyOf(session.getInputNames());
      for (int i = 0; i < names.size(); i++) {
        feeds.put(names.get(i), feed(environment, calculation.inputs().get(i)));
      }
      try (OrtSession.Result result = session.run(feeds)) {
        OnnxTensor output = (OnnxTensor) result.get(0);
        FloatBuffer values = output.getFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        return Tensor.of(copy, output.getInfo().getShape());
      }
    } catch (OrtException | IOException e) {
      throw new ModelLoadException(
          "the self-test of engine " + OnnxRuntimeOptions.ENGINE + " cannot run: " + e, e);
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor feed(OrtEnvironment environment, Tensor tensor) throws OrtException {
    return OnnxTensor.createTensor(
        environment, tensor.data().asFloatBuffer(), tensor.shape().toArray());
  }

  private static byte[] read(String graph) throws IOException {
    try (InputStream in = NativeSelfTest.class.getResourceAsStream(graph)) {
      if (in == null) {
        throw new IOException("no resource " + graph);
      }
      return in.readAllBytes();
    }
  }
}

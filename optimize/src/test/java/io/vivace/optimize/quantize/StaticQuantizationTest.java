package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticQuantizationTest {
  private static final List<Map<String, Tensor>> IMAGES =
      CalibrationSets.fashion("fashion-calibration-images", 0, 128);

  @TempDir Path folder;

  @Test
  void staticInt8_fashionCnn_keepsAccuracyInAThirdOfTheBytes() throws Exception {
    Path original = TestModels.file(TestModels.FASHION);
    Path small = quantized(original, Quantization.staticInt8(IMAGES));
    List<Map<String, Tensor>> images = CalibrationSets.fashion("fashion-test-images", 0, 512);
    int[] labels = CalibrationSets.labels("fashion-test-labels");
    List<float[]> wanted = ModelRun.outputs(original, images);
    List<float[]> found = ModelRun.outputs(small, images);
    System.err.println("snr " + ModelRun.signalToNoise(wanted, found) + " agreement " + ModelRun.agreement(wanted, found)
     + " accuracy " + accuracy(wanted, labels) + " " + accuracy(found, labels) + " size " + (double) Files.size(small) / Files.size(original));
    assertThat(accuracy(found, labels)).isGreaterThanOrEqualTo(accuracy(wanted, labels) - 0.002);
    assertThat(Files.size(small)).isLessThanOrEqualTo((long) (0.3 * Files.size(original)));
  }

  @Test
  void staticInt8_textLineClassifier_agrees() throws Exception {
    Path original = TestModels.file(TestModels.CLASSIFIER);
    Path small = quantized(original, Quantization.staticInt8(CalibrationSets.lines(0, 32)));
    List<Map<String, Tensor>> lines = CalibrationSets.lines(32, 192);
    List<float[]> wanted = ModelRun.outputs(original, lines);
    List<float[]> found = ModelRun.outputs(small, lines);
    System.err.println("cls snr " + ModelRun.signalToNoise(wanted, found) + " agreement " + ModelRun.agreement(wanted, found)+ " size " + (double) Files.size(small) / Files.size(original));
    assertThat(ModelRun.agreement(wanted, found)).isGreaterThanOrEqualTo(0.99);
  }

  private static double accuracy(List<float[]> outputs, int[] labels) {
    int right = 0;
    for (int i = 0; i < outputs.size(); i++) {
      right += ModelRun.largest(outputs.get(i)) == labels[i] ? 1 : 0;
    }
    return (double) right / outputs.size();
  }

  private Path quantized(Path original, Quantization way) {
    Path target = folder.resolve("small.onnx");
    Compression.of(ModelSource.path(original)).quantize(way).saveTo(target);
    try { Files.copy(target, Path.of("/tmp/static/java-" + original.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING); } catch (Exception e) {}
    return target;
  }
}

package io.vivace.examples.pipeline;

import io.vivace.core.model.ModelSource;
import io.vivace.evaluate.report.TableReport;
import io.vivace.optimize.Compression;
import io.vivace.optimize.quantize.Quantization;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Stage 7: computes in 8 bits, with ranges calibrated on training images. */
final class QuantizeStage {
  private QuantizeStage() {}

  static List<Contender> run(Prepared data, List<Contender> floats, Path folder, PrintStream out)
      throws IOException {
    List<Contender> integers = new ArrayList<>();
    for (Contender each : floats) {
      String name = each.name() + " int8";
      Path file = folder.resolve(name.replace(' ', '-') + ".onnx");
      Compression.of(ModelSource.path(each.file()))
          .quantize(Quantization.staticInt8(data.samples().forModel(each.predictor().signature())))
          .saveTo(file);
      Contender quantized = Contender.open(name, file, data.input());
      integers.add(quantized);
      out.println(
          TableReport.of(Judge.table(data.validation(), List.of(each, quantized))).toText());
    }
    return integers;
  }
}

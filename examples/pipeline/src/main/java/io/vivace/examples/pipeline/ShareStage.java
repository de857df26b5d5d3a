package io.vivace.examples.pipeline;

import io.vivace.core.model.ModelSource;
import io.vivace.evaluate.report.TableReport;
import io.vivace.optimize.Compression;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.train.graph.FineTuning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Stage 6: gives each layer of the sparse network 16 values, tunes those, and packs the file. */
final class ShareStage {
  private static final int VALUES = 16;

  private ShareStage() {}

  static Contender run(
      Prepared data, Contender sparse, Settings settings, Path folder, PrintStream out)
      throws IOException {
    Path shared = folder.resolve("shared.onnx");
    Compression.of(ModelSource.path(sparse.file()))
        .share(WeightSharing.kMeans(VALUES))
        .saveTo(shared);
    Path tuned = folder.resolve("shared-tuned.onnx");
    Lessons.tune(
        FineTuning.of(ModelSource.path(shared)).keepSharing(VALUES),
        data,
        settings.tuning(),
        tuned);
    Path file = folder.resolve("packed.onnx");
    Compression.of(ModelSource.path(tuned)).pack(Packing.standard()).saveTo(file);
    Path container = folder.resolve("packed.vivace");
    PackedContainer.write(ModelSource.path(file), container);
    Contender packed = Contender.open("packed", file, data.input());
    try (Contender before = Contender.open("shared", shared, data.input())) {
      out.println(
          TableReport.of(Judge.table(data.validation(), List.of(sparse, before, packed))).toText());
    }
    out.printf("as a container: %,d bytes%n", Files.size(container));
    return packed;
  }
}

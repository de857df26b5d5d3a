package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "pack",
    description = {
      "Stores weights that are 0 or share few values small; any ONNX Runtime opens the file, and"
          + " answers stay the same. The last step, after prune and share. ONNX files only."
    },
    mixinStandardHelpOptions = true)
final class PackCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Mixin private Work work = new Work();

  @Option(
      names = "--container",
      paramLabel = "FILE",
      description = "Writes this file, too: smaller still, and opened by Vivace only.")
  private @Nullable Path container;

  @Override
  public Integer call() {
    work.run(compression -> compression.pack(Packing.standard()));
    if (container != null) {
      PackedContainer.write(ModelSource.path(work.target()), container);
      if (!work.isQuiet()) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.printf(Locale.ROOT, "%s: %,d bytes%n", container, container.toFile().length());
      }
    }
    return 0;
  }
}

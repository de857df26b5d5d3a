package io.vivace.engines.onnxruntime;

import io.vivace.core.spi.OptionsReader;
import io.vivace.engines.onnxruntime.OnnxRuntimeOptions.Optimization;
import java.util.Map;

/** Reads {@link OnnxRuntimeOptions} from names and values. */
final class OptionsParser {
  private static final OptionsReader<OnnxRuntimeOptions> READER =
      new OptionsReader<>(OnnxRuntimeOptions.cpu(), OnnxRuntimeOptions::cuda)
          .truth("orCpu", (options, wanted) -> wanted ? options.orCpu() : options)
          .integer("intraOpThreads", OnnxRuntimeOptions::intraOpThreads)
          .integer("interOpThreads", OnnxRuntimeOptions::interOpThreads)
          .choice("optimization", Optimization.class, OnnxRuntimeOptions::optimization)
          .truth("arena", OnnxRuntimeOptions::arena)
          .truth("memoryPattern", OnnxRuntimeOptions::memoryPattern)
          .truth("selfTest", OnnxRuntimeOptions::selfTest)
          .truth("spinning", OnnxRuntimeOptions::spinning);

  private OptionsParser() {}

  static OnnxRuntimeOptions parse(Map<String, String> settings) {
    return READER.read(settings);
  }
}

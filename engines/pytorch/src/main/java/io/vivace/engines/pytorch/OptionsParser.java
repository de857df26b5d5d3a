package io.vivace.engines.pytorch;

import io.vivace.core.spi.OptionsReader;
import io.vivace.engines.pytorch.PyTorchOptions.SelfTest;
import java.util.Map;

/** Reads {@link PyTorchOptions} from names and values. */
final class OptionsParser {
  private static final OptionsReader<PyTorchOptions> READER =
      new OptionsReader<>(PyTorchOptions.cpu(), PyTorchOptions::cuda)
          .truth("orCpu", (options, wanted) -> wanted ? options.orCpu() : options)
          .integer("intraOpThreads", PyTorchOptions::intraOpThreads)
          .integer("interOpThreads", PyTorchOptions::interOpThreads)
          .choice("selfTest", SelfTest.class, PyTorchOptions::selfTest)
          .truth("download", PyTorchOptions::download);

  private OptionsParser() {}

  static PyTorchOptions parse(Map<String, String> settings) {
    return READER.read(settings);
  }
}

package io.vivace.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsReaderTest {
  private enum Level {
    LOW,
    HIGH
  }

  private record Options(int cuda, int threadsPerRun, boolean fast, Level level)
      implements EngineOptions {
    @Override
    public String engine() {
      return "Toy";
    }
  }

  private static final OptionsReader<Options> READER =
      new OptionsReader<>(
              new Options(-1, 1, false, Level.LOW), cuda -> new Options(cuda, 1, false, Level.LOW))
          .integer("threads", (o, n) -> new Options(o.cuda, n, o.fast, o.level))
          .truth("fast", (o, fast) -> new Options(o.cuda, o.threadsPerRun, fast, o.level))
          .choice(
              "level",
              Level.class,
              (o, level) -> new Options(o.cuda, o.threadsPerRun, o.fast, level));

  @Test
  void read_nothing_givesTheStartingPoint() {
    assertThat(READER.read(Map.of())).isEqualTo(new Options(-1, 1, false, Level.LOW));
  }

  @Test
  void read_everyKind_changesTheOptions() {
    assertThat(
            READER.read(
                Map.of("device", "cuda:2", "threads", "4", "fast", "true", "level", "high")))
        .isEqualTo(new Options(2, 4, true, Level.HIGH));
    assertThat(READER.read(Map.of("device", "cuda")))
        .isEqualTo(new Options(0, 1, false, Level.LOW));
    assertThat(READER.read(Map.of("device", "cpu")).cuda()).isEqualTo(-1);
  }

  @Test
  void read_manyFaults_namesAllOfThem() {
    assertThatThrownBy(
            () ->
                READER.read(
                    Map.of(
                        "device", "tpu", "thread", "1", "fast", "yes", "level", "HIGH", "threads",
                        "many")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("option \"device\" must be cpu, cuda or cuda:N, but was \"tpu\"")
        .hasMessageContaining(
            "the engine Toy has no option \"thread\"; known: [device, fast, level, threads]")
        .hasMessageContaining("option \"fast\" must be true or false, but was \"yes\"")
        .hasMessageContaining("option \"level\" must be one of [low, high], but was \"HIGH\"")
        .hasMessageContaining("option \"threads\" must be a whole number, but was \"many\"");
  }
}

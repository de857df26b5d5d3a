package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.Preflight;
import io.vivace.core.Preflight.ThreadBudget;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.EngineReport;
import io.vivace.core.spi.LoadedModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private record Options(String engine, int threadsPerRun) implements EngineOptions {}

  private record Provider(String name, int threads, boolean broken) implements EngineProvider {
    @Override
    public boolean supports(ModelFormat format) {
      return false;
    }

    @Override
    public EngineOptions defaultOptions() {
      return new Options(name, threads);
    }

    @Override
    public EngineOptions parseOptions(Map<String, String> options) {
      return defaultOptions();
    }

    @Override
    public LoadedModel open(ModelArtifact artifact, EngineOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EngineReport report() {
      if (broken) {
        throw new UnsatisfiedLinkError("libodd.so");
      }
      return new EngineReport(name, true, "1", "", List.of(), "", List.of(), List.of());
    }
  }

  @Test
  void inspect_engines_shareTheProcessors() {
    Preflight preflight =
        Inspection.inspect(
            List.of(new Provider("One", 1, false), new Provider("Many", 10_000, false)), List.of());

    assertThat(preflight.isReady()).isTrue();
    assertThat(preflight.problems()).isEmpty();
    assertThat(preflight.budgets())
        .containsExactly(
            new ThreadBudget("One", PROCESSORS, 1), new ThreadBudget("Many", 1, 10_000));
  }

  @Test
  void inspect_engineTwice_namesBothPlaces() {
    Provider provider = new Provider("One", 1, false);

    Preflight preflight = Inspection.inspect(List.of(provider, provider), List.of());

    assertThat(preflight.problems()).hasSize(1);
    assertThat(preflight.problems().get(0))
        .startsWith("engine One was found 2 times: " + Provider.class.getName() + " in ");
  }

  @Test
  void inspect_brokenEngine_isAFinding() {
    Preflight preflight = Inspection.inspect(List.of(new Provider("Odd", 1, true)), List.of("x"));

    assertThat(preflight.isReady()).isFalse();
    assertThat(preflight.engines().get(0).problems().get(0)).contains("libodd.so");
    assertThat(preflight.problems()).hasSize(2).startsWith("x");
    assertThat(preflight.problems().get(1)).startsWith("engine Odd: ").contains("libodd.so");
  }

  @Test
  void inspect_noEngine_saysWhatToAdd() {
    Preflight preflight = Inspection.inspect(List.of(), List.of());

    assertThat(preflight.isReady()).isFalse();
    assertThat(preflight.problems())
        .singleElement()
        .asString()
        .contains("io.vivace:vivace-engine-onnxruntime", "io.vivace:vivace-engine-pytorch");
  }
}

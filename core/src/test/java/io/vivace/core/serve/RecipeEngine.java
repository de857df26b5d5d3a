package io.vivace.core.serve;

import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.EngineReport;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import java.util.List;
import java.util.Map;

/** An engine that opens any folder, if it is asked for by name, and runs nothing. */
public final class RecipeEngine implements EngineProvider {
  static final String NAME = "Recipe";

  private record Options() implements EngineOptions {
    @Override
    public String engine() {
      return NAME;
    }

    @Override
    public int threadsPerRun() {
      return 1;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean supports(ModelFormat format) {
    return false;
  }

  @Override
  public EngineOptions defaultOptions() {
    return new Options();
  }

  @Override
  public EngineOptions parseOptions(Map<String, String> options) {
    return new Options();
  }

  @Override
  public EngineReport report() {
    return new EngineReport(NAME, true, "1", "", List.of("cpu"), "", List.of(), List.of());
  }

  @Override
  public LoadedModel open(ModelArtifact artifact, EngineOptions options) {
    return new LoadedModel() {
      @Override
      public Signature signature() {
        TensorSpec rows = TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 2);
        return new Signature(List.of(rows), List.of(rows));
      }

      @Override
      public String device() {
        return "cpu";
      }

      @Override
      public ExecutionContext newContext() {
        throw new EngineException("this engine runs nothing");
      }

      @Override
      public void close() {}
    };
  }
}

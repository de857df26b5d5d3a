package io.vivace.core.internal.djl;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An engine of DJL whose models are files with a number: they add it to what they are given. */
final class TinyEngine extends Engine implements EngineProvider {
  static final String NAME = "Tiny";
  final AtomicInteger openModels = new AtomicInteger();

  /** Makes the engine known to DJL, in the whole JVM, until {@link #unregister}. */
  static TinyEngine register() {
    TinyEngine engine = new TinyEngine();
    Engine.registerEngine(engine);
    return engine;
  }

  static void unregister() {
    Engine.getAllEngines().remove(NAME);
  }

  @Override
  public Engine getEngine() {
    return this;
  }

  @Override
  public int getEngineRank() {
    return getRank();
  }

  @Override
  public @Nullable Engine getAlternativeEngine() {
    return null;
  }

  @Override
  public String getEngineName() {
    return NAME;
  }

  @Override
  public int getRank() {
    return 100;
  }

  @Override
  public String getVersion() {
    return "1";
  }

  @Override
  public boolean hasCapability(String capability) {
    return false;
  }

  @Override
  public Model newModel(String name, Device device) {
    return new TinyModel(name);
  }

  @Override
  public NDManager newBaseManager() {
    return HostEngine.INSTANCE.newBaseManager();
  }

  @Override
  public NDManager newBaseManager(Device device) {
    return newBaseManager();
  }

  private final class TinyModel extends BaseModel {
    TinyModel(String name) {
      super(name);
      manager = newBaseManager();
      dataType = DataType.FLOAT32;
      openModels.incrementAndGet();
    }

    @Override
    public void load(Path path, @Nullable String prefix, @Nullable Map<String, ?> options)
        throws IOException, MalformedModelException {
      try {
        double added = Double.parseDouble(Files.readString(path).strip());
        boolean twice = options != null && "true".equals(options.get("twice"));
        block = new Adder(twice ? 2 * added : added);
      } catch (NumberFormatException e) {
        throw new MalformedModelException("not a number", e);
      }
    }

    @Override
    public void close() {
      openModels.decrementAndGet();
      super.close();
    }
  }

  private static final class Adder extends AbstractSymbolBlock {
    private final double added;

    Adder(double added) {
      this.added = added;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> options) {
      return new NDList(inputs.singletonOrThrow().add(added));
    }

    @Override
    public ParameterList getDirectParameters() {
      return new ParameterList();
    }

    @Override
    public void removeLastBlock() {
      throw new UnsupportedOperationException();
    }
  }
}

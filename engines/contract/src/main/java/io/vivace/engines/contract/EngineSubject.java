package io.vivace.engines.contract;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.EngineProvider;
import java.util.EnumSet;
import java.util.Set;

/** What a contract needs to know of the engine that it tests. */
public interface EngineSubject {
  /**
   * Returns the engine.
   *
   * @return the provider under test; one and the same each time
   */
  EngineProvider provider();

  /**
   * Returns the format of the models to test with.
   *
   * @return {@link ModelFormat#ONNX} or {@link ModelFormat#TORCHSCRIPT}
   */
  ModelFormat format();

  /**
   * Returns the element types that inputs and outputs may have.
   *
   * <p>Default: all for ONNX, all but text for TorchScript.
   *
   * @return the types
   */
  default Set<ElementType> elementTypes() {
    return format() == ModelFormat.ONNX
        ? EnumSet.allOf(ElementType.class)
        : EnumSet.complementOf(EnumSet.of(ElementType.STRING));
  }
}

package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.Signature;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import java.util.concurrent.atomic.AtomicBoolean;

/** One native session. */
final class OnnxModel implements LoadedModel {
  private final String name;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String device;
  private final Signature signature;
  private final OutputShapes outputShapes;
  private final AtomicBoolean closed = new AtomicBoolean();

  private OnnxModel(String name, OrtEnvironment environment, SessionFactory.Opened opened)
      throws OrtException {
    this.name = name;
    this.environment = environment;
    this.session = opened.session();
    this.device = opened.device();
    this.signature = SignatureReader.read(name, session);
    this.outputShapes = new OutputShapes(session);
  }

  static OnnxModel open(
      OrtEnvironment environment, ModelArtifact artifact, OnnxRuntimeOptions options) {
    SessionFactory.Opened opened = SessionFactory.open(environment, artifact, options);
    try {
      return new OnnxModel(artifact.name(), environment, opened);
    } catch (OrtException e) {
      closeAfter(e, opened.session());
      throw new ModelLoadException(
          "model "
              + artifact.name()
              + ", engine "
              + OnnxRuntimeOptions.ENGINE
              + ": its signature cannot be read: "
              + e.getMessage(),
          e);
    } catch (ModelLoadException e) {
      closeAfter(e, opened.session());
      throw e;
    }
  }

  private static void closeAfter(Exception failure, OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public ExecutionContext newContext() {
    return new OnnxContext(this);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw failed("cannot be closed", e);
    }
  }

  OrtEnvironment environment() {
    return environment;
  }

  OrtSession session() {
    return session;
  }

  OutputShapes outputShapes() {
    return outputShapes;
  }

  EngineException failed(String what, OrtException cause) {
    return new EngineException(this + " " + what + ": " + cause.getMessage(), cause);
  }

  @Override
  public String toString() {
    return "model " + name + " on engine " + OnnxRuntimeOptions.ENGINE;
  }
}

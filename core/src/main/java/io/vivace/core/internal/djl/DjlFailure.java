package io.vivace.core.internal.djl;

import ai.djl.translate.TranslateException;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Says in our words what failed inside DJL. */
final class DjlFailure {
  private static final String HERE = DjlFailure.class.getPackageName();

  private DjlFailure() {}

  /** What a translator threw while it turned an item into arrays. */
  static InferenceException ofInput(Exception thrown) {
    return of(thrown, "the translator cannot take the item", InvalidInputException::new);
  }

  /** What a translator threw while it turned arrays into an answer. */
  static InferenceException ofOutput(Exception thrown) {
    return of(thrown, "the translator cannot read the outputs", EngineException::new);
  }

  /** What a run threw. */
  static InferenceException ofRun(Exception thrown) {
    return of(thrown, "the model did not run through", EngineException::new);
  }

  private static InferenceException of(
      Exception thrown, String what, BiFunction<String, Throwable, InferenceException> factory) {
    Throwable cause = thrown;
    while (cause instanceof TranslateException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof InferenceException ours) {
      return ours;
    }
    String operation = cause instanceof UnsupportedOperationException ? operation(cause) : null;
    if (operation != null) {
      return new EngineException(
          String.format(
              "%s (%s) is not available without PyTorch on the class path; add"
                  + " io.vivace:vivace-engine-pytorch",
              operation, cause.getMessage()),
          cause);
    }
    String words = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return factory.apply(what + ": " + words, cause);
  }

  /**
   * The operation on arrays that the translator called: the outermost of the frames that belong to
   * arrays. DJL's arrays do not say which operation they lack, so the stack trace must.
   */
  private static @Nullable String operation(Throwable missing) {
    StackTraceElement outermost = null;
    for (StackTraceElement frame : missing.getStackTrace()) {
      if (!isOfArrays(frame.getClassName())) {
        break;
      }
      outermost = frame;
    }
    if (outermost == null) {
      return null;
    }
    String type = outermost.getClassName().endsWith("Manager") ? "NDManager" : "NDArray";
    return type + '.' + outermost.getMethodName();
  }

  private static boolean isOfArrays(String type) {
    return type.startsWith("ai.djl.ndarray.")
        || type.startsWith(HERE + ".Host")
        || type.contains(".$Proxy");
  }
}

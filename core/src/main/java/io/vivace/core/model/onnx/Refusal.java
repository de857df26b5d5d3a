package io.vivace.core.model.onnx;

import io.vivace.core.ModelLoadException;
import java.io.IOException;

/** Words the errors about one model. */
record Refusal(String model) {
  private static final int LONGEST_NAME = 80;

  /** Returns an error that starts with the model's name and says what is wrong. */
  ModelLoadException because(String problem) {
    return new ModelLoadException("ONNX model " + quote(model) + " is refused: it " + problem);
  }

  ModelLoadException unreadable(IOException cause) {
    return new ModelLoadException("cannot read ONNX model " + quote(model) + ": " + cause, cause);
  }

  /** Puts a name from an untrusted file in quotes: shortened, and without control characters. */
  static String quote(String name) {
    String shown = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}

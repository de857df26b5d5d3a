package io.vivace.core.data;

import java.io.IOException;

/**
 * A data file can be read but does not hold what it should. The message names the file, the place,
 * what was found and what is allowed.
 */
public final class MalformedDataException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedDataException(String message) {
    super(message);
  }

  MalformedDataException(String message, Throwable cause) {
    super(message, cause);
  }
}

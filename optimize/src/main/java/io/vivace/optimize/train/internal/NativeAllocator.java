package io.vivace.optimize.train.internal;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the C library keep memory that was freed. A step of training frees and takes hundreds of
 * megabytes; untuned, glibc gives large blocks back to the system each time, and the page faults
 * take longer than the arithmetic.
 */
public final class NativeAllocator {
  private static final Logger log = LoggerFactory.getLogger(NativeAllocator.class);

  /** glibc's numbers of its parameters. */
  private static final int TRIM_THRESHOLD = -1;

  private static final int TOP_PAD = -2;
  private static final int MMAP_THRESHOLD = -3;

  private static boolean done;

  private NativeAllocator() {}

  /**
   * Tunes the allocator once, for the whole process, where it is glibc's. The system property
   * {@code vivace.train.allocator=default} leaves it as it is.
   */
  public static synchronized void tune() {
    if (done || "default".equals(System.getProperty("vivace.train.allocator"))) {
      return;
    }
    done = true;
    if (!System.getProperty("os.name").startsWith("Linux")) {
      return;
    }
    try {
      Function mallopt = NativeLibrary.getInstance("c").getFunction("mallopt");
      set(mallopt, MMAP_THRESHOLD, 1 << 30);
      set(mallopt, TRIM_THRESHOLD, Integer.MAX_VALUE);
      set(mallopt, TOP_PAD, 1 << 27);
    } catch (LinkageError e) {
      log.debug("the C library has no mallopt", e);
    }
  }

  private static void set(Function mallopt, int parameter, int value) {
    if (mallopt.invokeInt(new Object[] {parameter, value}) != 1) {
      log.debug("mallopt({}, {}) was refused", parameter, value);
    }
  }
}

package io.vivace.evaluate.search;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A file from which a study goes on after a kill: every event is appended as a line of JSON at
 * once. A study that is given a journal with trials in it keeps those that ended, starts anew those
 * that did not, and comes out as if it had never been cut off. A last line that was cut is dropped.
 * One study at a time may use a journal. Immutable.
 *
 * <p>It knows the space, the seed and the way to search, but not the score: delete the file when
 * the data or the score change, or old scores stand beside new ones.
 */
public final class Journal {
  /** When the system is asked to put written lines on the disk. */
  public enum Sync {
    /** After every line: a power cut loses nothing. */
    EVERY_LINE,
    /** When a trial ends: a power cut loses at most trials that run. */
    EVERY_TRIAL,
    /** Never: a kill of the process loses nothing, but a power cut may. */
    NEVER
  }

  private final Path file;
  private final Sync sync;

  private Journal(Path file, Sync sync) {
    this.file = Objects.requireNonNull(file, "file");
    this.sync = Objects.requireNonNull(sync, "sync");
  }

  /**
   * Returns the journal in a file, which is made where it is not there.
   *
   * @param file the file
   * @return a journal with {@link Sync#EVERY_TRIAL}
   */
  public static Journal at(Path file) {
    return new Journal(file, Sync.EVERY_TRIAL);
  }

  /**
   * Sets when lines are put on the disk.
   *
   * @param when default {@link Sync#EVERY_TRIAL}
   * @return a changed copy
   */
  public Journal sync(Sync when) {
    return new Journal(file, when);
  }

  Path file() {
    return file;
  }

  Sync sync() {
    return sync;
  }

  /**
   * Returns the file and the policy.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "Journal[file=" + file + ", sync=" + sync + "]";
  }
}

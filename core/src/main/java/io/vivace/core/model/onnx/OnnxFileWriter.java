package io.vivace.core.model.onnx;

import io.vivace.core.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes contents to files, whole or not at all: pieces go at their positions to a temporary file
 * in the target's folder, several at a time, and the finished file takes the target's name in one
 * step. After a failure or a kill the target is as it was; a kill may leave the temporary file,
 * whose name ends with {@code .part}.
 *
 * <p>The bytes do not depend on the number of threads. Immutable, thread-safe.
 */
public final class OnnxFileWriter {
  private static final int PIECE_BYTES = 1 << 20;

  private final int threads;
  private final Listener listener;

  private OnnxFileWriter(int threads, Listener listener) {
    this.threads = threads;
    this.listener = listener;
  }

  /** Hears how far writing is; may stop it. Called by several threads. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Says that a piece was written. An exception stops the writing, leaves the target as it was,
     * and reaches the caller.
     *
     * @param written bytes written so far
     * @param total bytes of the file
     */
    void progress(long written, long total);
  }

  /**
   * Returns a writer that uses a thread per processor and tells nobody.
   *
   * @return the writer
   */
  public static OnnxFileWriter standard() {
    return new OnnxFileWriter(Runtime.getRuntime().availableProcessors(), (written, total) -> {});
  }

  /**
   * Sets how many threads read, compute and write pieces.
   *
   * <p>Default: the number of processors. Each holds one buffer of 1 MiB.
   *
   * @param count 1 to 1,024
   * @return a changed copy
   * @throws IllegalArgumentException if {@code count} is out of this range
   */
  public OnnxFileWriter threads(int count) {
    if (count < 1 || count > 1_024) {
      throw new IllegalArgumentException("threads must be 1 to 1024, but was " + count);
    }
    return new OnnxFileWriter(count, listener);
  }

  /**
   * Sets who hears of progress.
   *
   * @param hearer called after each piece
   * @return a changed copy
   */
  public OnnxFileWriter listener(Listener hearer) {
    return new OnnxFileWriter(threads, hearer);
  }

  /**
   * Writes a file.
   *
   * @param target the file; replaced if it exists, and keeps its mode then where the system has
   *     them. Its folder must exist
   * @param content the bytes
   * @throws UncheckedIOException if a content cannot be read or the file not be written; the
   *     message names the file
   */
  public void write(Path target, OnnxContent content) {
    try {
      WholeFile.write(target, part -> new Pieces(part, content).writeAll());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %s (%,d bytes): %s; the file is as it was before"
              .formatted(target, content.length(), e),
          e);
    }
  }

  /** One file being written. */
  private final class Pieces {
    private final FileChannel channel;
    private final OnnxContent content;
    private final long length;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong written = new AtomicLong();

    Pieces(FileChannel channel, OnnxContent content) {
      this.channel = channel;
      this.content = content;
      this.length = content.length();
    }

    void writeAll() throws IOException {
      int workers = (int) Math.min(threads, (length + PIECE_BYTES - 1) / PIECE_BYTES);
      if (workers <= 1) {
        writeSome();
        return;
      }
      ExecutorService pool = Executors.newFixedThreadPool(workers, OnnxFileWriter::daemon);
      try {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
          running.add(pool.submit(this::writeUnchecked));
        }
        join(running);
      } finally {
        // Never interrupted: that would close the files that the contents read from.
        pool.shutdown();
      }
    }

    private void writeUnchecked() {
      try {
        writeSome();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        // Whoever ends, in an error too, leaves no piece to the others.
        next.set(length);
      }
    }

    private void writeSome() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(PIECE_BYTES, length));
      for (long at = next.getAndAdd(PIECE_BYTES); at < length; at = next.getAndAdd(PIECE_BYTES)) {
        buffer.clear().limit((int) Math.min(PIECE_BYTES, length - at));
        content.read(at, buffer);
        buffer.flip();
        int size = buffer.limit();
        for (long to = at; buffer.hasRemaining(); ) {
          to += channel.write(buffer, to);
        }
        listener.progress(written.addAndGet(size), length);
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "vivace-onnx-writer");
    thread.setDaemon(true);
    return thread;
  }

  private static void join(List<Future<?>> running) throws IOException {
    for (Future<?> task : running) {
      try {
        task.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UncheckedIOException io) {
          throw io.getCause();
        }
        if (e.getCause() instanceof RuntimeException runtime) {
          throw runtime;
        }
        throw new IllegalStateException("writing failed: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.InterruptedIOException("writing was interrupted");
      }
    }
  }
}

package io.vivace.optimize.train.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.vivace.core.StopSignal;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** DJL's PyTorch engine, which trains. */
public final class TrainingEngine {
  private static final String NAME = "PyTorch";

  /** The engine collects the gradients of one run at a time in a JVM, and has one random seed. */
  private static final ReentrantLock LOCK = new ReentrantLock(true);

  private static final long LOOK_MILLIS = 50;

  private TrainingEngine() {}

  /**
   * Does work that needs the engine for itself, after that of others, in the order of the calls.
   *
   * @param signal ends the wait; the work looks at it by itself
   * @param work the work
   * @param <T> what comes of it
   * @return what comes of it
   * @throws CancellationException if the signal was given, or the thread interrupted, before the
   *     work began
   */
  public static <T> T alone(StopSignal signal, Supplier<T> work) {
    try {
      while (!LOCK.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        signal.throwIfRequested();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while another training ran");
    }
    try {
      return work.get();
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * Finds the engine.
   *
   * @return the engine
   * @throws IllegalStateException if it is not there; the message says what to add
   */
  public static Engine find() {
    try {
      Engine engine = Engine.getEngine(NAME);
      if (engine != null) {
        return engine;
      }
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(missing(e.toString()), e);
    }
    throw new IllegalStateException(missing("DJL knows " + Engine.getAllEngines()));
  }

  private static String missing(String found) {
    return ("training needs DJL's PyTorch engine, but it is not there (%s): add"
            + " io.vivace:vivace-engine-pytorch and the native library"
            + " ai.djl.pytorch:pytorch-native-cpu to the class path")
        .formatted(found);
  }

  /**
   * Makes a manager for arrays in main memory.
   *
   * @return the manager; to be closed
   * @throws IllegalStateException if the engine is not there
   */
  public static NDManager newManager() {
    return find().newBaseManager(Device.cpu());
  }

  /**
   * Copies the elements of an array.
   *
   * @param array the array
   * @return a copy in direct memory, in the machine's byte order
   */
  public static ByteBuffer copy(NDArray array) {
    ByteBuffer from = array.toByteBuffer();
    ByteBuffer to = ByteBuffer.allocateDirect(from.remaining()).order(from.order());
    to.put(from).flip();
    return to;
  }

  /**
   * Puts elements into an array, in place: what shares its memory sees them.
   *
   * @param array the array, of any kind
   * @param elements its bytes, in direct memory
   */
  public static void restore(NDArray array, ByteBuffer elements) {
    NDManager manager = array.getManager();
    try (NDArray source =
            manager.create(
                elements.duplicate().order(elements.order()),
                array.getShape(),
                array.getDataType());
        NDArray target = array.stopGradient()) {
      target.set(new NDIndex("..."), source);
    }
  }
}

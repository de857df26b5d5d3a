package io.vivace.engines.pytorch;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches of the native library that DJL does not reach, called by their C++ names. Where that is
 * not possible, on Windows for example, where names are built otherwise, a switch stays as it is.
 */
final class LibTorch {
  private static final Logger log = LoggerFactory.getLogger(LibTorch.class);

  /** RTLD_LAZY alone: without it JNA would make the symbols of the library known to all others. */
  private static final int OPEN_LOCALLY = 1;

  private final Path file;

  LibTorch(Path folder) {
    this.file = folder.resolve(System.mapLibraryName("torch_cpu"));
  }

  /** Lets PyTorch use its own kernels in place of those of oneDNN. */
  boolean turnOffOneDnn() {
    return turnOff("setUserEnabledMkldnn");
  }

  /**
   * Without this, each convolution of one row tries to start NNPACK and, where the processor is not
   * one that it knows, prints a warning. PyTorch would use it for 16 rows and more only, and only
   * where oneDNN does not take them.
   */
  boolean turnOffNnpack() {
    return turnOff("setUserEnabledNNPACK");
  }

  /**
   * Compiles a model at its first run, without watching one run and compiling again at the second.
   * Measured on the processor: as fast from then on, and the first two runs take some milliseconds
   * in place of 20 to 100. Models that a graphics card runs do gain from what is seen in that run.
   */
  boolean turnOffProfiling() {
    return call(
        library ->
            library
                .getFunction("_ZN5torch3jit16getProfilingModeEv")
                .invokePointer(new Object[0])
                .setByte(0, (byte) 0));
  }

  private boolean turnOff(String setter) {
    String symbol = String.format("_ZN2at7Context%d%sEb", setter.length(), setter);
    return call(
        library -> {
          Pointer context =
              library.getFunction("_ZN2at13globalContextEv").invokePointer(new Object[0]);
          library.getFunction(symbol).invokeVoid(new Object[] {context, false});
        });
  }

  private boolean call(java.util.function.Consumer<NativeLibrary> action) {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return false;
    }
    Map<String, Object> options = Map.of(Library.OPTION_OPEN_FLAGS, OPEN_LOCALLY);
    try (NativeLibrary library = NativeLibrary.getInstance(file.toString(), options)) {
      action.accept(library);
      return true;
    } catch (LinkageError e) {
      log.debug("cannot reach into {}", file, e);
      return false;
    }
  }
}

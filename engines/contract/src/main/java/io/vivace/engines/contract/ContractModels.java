package io.vivace.engines.contract;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The small models of the contract, as files. {@code README.md} beside them says what they are. */
public final class ContractModels {
  /** Classifies 8x8 images of digits, {@code [n, 64] -> [n, 10]}. */
  public static final String DIGITS = "digits-mlp";

  /** Convolutions with 20 channels, {@code [n, 3, 8, 8] -> [n, 4, 8, 8]}. */
  public static final String CONV_20 = "conv20";

  /** Convolutions with 24 channels, {@code [n, 3, 8, 8] -> [n, 4, 8, 8]}. */
  public static final String CONV_24 = "conv24";

  /** Two open sizes, two outputs: {@code [b, l, 4] -> [b, l, 3], [b, 3]}. */
  public static final String DYNAMIC = "dynamic";

  /** Inputs of float32 and int64, outputs of float32, int64 and bool, all {@code [n, 2]}. */
  public static final String SEVERAL = "several";

  /** Fixed shapes without a batch axis, {@code [3, 4] -> [4]}. */
  public static final String NO_BATCH = "no-batch";

  /** The maximum of a vector, {@code [n] -> []}. */
  public static final String SCALAR = "scalar";

  /** The positions of what is not zero, {@code [n, 3] -> [2, found]}. */
  public static final String NON_ZERO = "non-zero";

  private static final Map<String, Path> FILES = new ConcurrentHashMap<>();

  private ContractModels() {}

  /**
   * Names the model that copies its input {@code [n, 3]} of one type to its output.
   *
   * @param type the element type
   * @return the model's name
   */
  public static String identity(ElementType type) {
    return "identity-" + type;
  }

  /**
   * Returns a model as a file on the disk.
   *
   * @param name one of the names of this class
   * @param format the format
   * @return the artifact; closing it removes nothing
   */
  public static ModelArtifact artifact(String name, ModelFormat format) {
    Path file = file(name, format);
    return ModelArtifact.of(file.getFileName().toString(), file, format);
  }

  /**
   * Returns a model's file, made once in a JVM and removed at its end.
   *
   * @param name one of the names of this class
   * @param format the format
   * @return a path in a temporary folder
   */
  public static Path file(String name, ModelFormat format) {
    String extension = format == ModelFormat.ONNX ? ".onnx" : ".pt";
    return FILES.computeIfAbsent(name + extension, ContractModels::extract);
  }

  private static Path extract(String resource) {
    try (InputStream in = open(resource)) {
      Path folder = Files.createTempDirectory("vivace-contract");
      Path file = folder.resolve(resource);
      Files.copy(in, file);
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InputStream open(String resource) {
    InputStream in = ContractModels.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalArgumentException("the contract has no file " + resource);
    }
    return in;
  }
}

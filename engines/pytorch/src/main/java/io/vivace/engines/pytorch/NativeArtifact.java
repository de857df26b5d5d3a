package io.vivace.engines.pytorch;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where the native library will come from, found out without loading it. DJL looks in this order: a
 * folder that the user names, an artifact on the class path (which it unpacks to its cache once), a
 * library that it downloaded to its cache earlier; else it downloads.
 *
 * @param origin where the library is; empty if it is nowhere
 * @param coordinates the Maven coordinates of the artifact for this platform
 */
record NativeArtifact(String origin, String coordinates) {
  private static final String ENGINE = "pytorch";
  private static final String FOLDER = "PYTORCH_LIBRARY_PATH";

  static NativeArtifact find() {
    return find(Utils.getEngineCacheDir(ENGINE));
  }

  static NativeArtifact find(Path cache) {
    Platform machine = Platform.fromSystem(ENGINE);
    Platform platform = Platform.detectPlatform(ENGINE);
    return new NativeArtifact(origin(cache, platform, machine), coordinates(machine));
  }

  boolean isMissing() {
    return origin.isEmpty();
  }

  /** What to do where the library is missing. */
  String howToAdd() {
    return "Add "
        + coordinates
        + " to the class path (runtime scope), or allow DJL to download it with"
        + " PyTorchOptions.download(true).";
  }

  private static String origin(Path cache, Platform platform, Platform machine) {
    String folder = Utils.getEnvOrSystemProperty(FOLDER);
    if (folder != null && Files.exists(Path.of(folder))) {
      return folder + " (" + FOLDER + ")";
    }
    Path cached =
        cache.resolve(
            platform.getVersion() + '-' + platform.getFlavor() + '-' + platform.getClassifier());
    if (!platform.isPlaceholder() && !isOverridden(platform)) {
      return fits(platform, machine) ? "the class path, unpacked to " + cached : "";
    }
    return Files.exists(cached.resolve(System.mapLibraryName("torch"))) ? cached.toString() : "";
  }

  private static boolean isOverridden(Platform platform) {
    String version = Utils.getEnvOrSystemProperty("PYTORCH_VERSION");
    return version != null && !platform.getVersion().startsWith(version);
  }

  /** The JNI part must be of the same version, else DJL downloads one that is. */
  private static boolean fits(Platform platform, Platform machine) {
    String jni = jniVersion();
    String version = platform.getVersion().split("-", 2)[0];
    return jni != null && jni.startsWith(version + '-' + machine.getApiVersion());
  }

  private static @Nullable String jniVersion() {
    try (InputStream in =
        NativeArtifact.class.getClassLoader().getResourceAsStream("jnilib/pytorch.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("jni_version");
    } catch (IOException e) {
      return null;
    }
  }

  private static String coordinates(Platform machine) {
    String flavor = machine.getFlavor().startsWith("cu") ? machine.getFlavor() : "cpu";
    return String.format(
        "ai.djl.pytorch:pytorch-native-%s:%s:%s (Maven: group, artifact, version, classifier)",
        flavor, machine.getVersion(), machine.getClassifier());
  }
}

package io.vivace.core.internal.djl;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Utils;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * A tokenizer of the Hugging Face library. Thread-safe. Its native memory is freed when it is
 * unreachable, so that it can never be freed under a running call.
 *
 * <p>Stands directly on the native calls: DJL's own {@code Encoding} fetches nine arrays a text,
 * among them one string and one object per token, where two arrays are needed.
 */
public final class NativeTokenizer {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final long handle;

  private NativeTokenizer(long handle) {
    this.handle = handle;
    CLEANER.register(this, () -> LIBRARY.deleteTokenizer(handle));
  }

  /** The tokens of a text. */
  public static final class Tokens {
    private final long[] ids;
    private final long[] types;

    private Tokens(long[] ids, long[] types) {
      this.ids = ids;
      this.types = types;
    }

    /** Their numbers in the vocabulary. */
    public long[] ids() {
      return ids;
    }

    /** 0 for those of the first text, 1 for those of the second. */
    public long[] types() {
      return types;
    }
  }

  /**
   * Opens a tokenizer that cuts texts and never pads, whatever the file says.
   *
   * @throws RuntimeException if the library or the file cannot be used
   */
  public static NativeTokenizer open(String json, int maxLength) {
    // Elsewhere DJL would download a CUDA build of the library for a machine with a GPU.
    if (Utils.getEnvOrSystemProperty("RUST_FLAVOR") == null) {
      System.setProperty("RUST_FLAVOR", "cpu");
    }
    LibUtils.checkStatus();
    NativeTokenizer tokenizer = new NativeTokenizer(LIBRARY.createTokenizerFromString(json));
    LIBRARY.disablePadding(tokenizer.handle);
    LIBRARY.setTruncation(tokenizer.handle, maxLength, "LONGEST_FIRST", 0);
    return tokenizer;
  }

  /** Splits one text, with the special tokens that the file asks for. */
  public Tokens encode(String text) {
    try {
      return take(LIBRARY.encode(handle, text, true));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Splits two texts into one sequence. */
  public Tokens encode(String first, String second) {
    try {
      return take(LIBRARY.encodeDual(handle, first, second, true));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static Tokens take(long encoding) {
    try {
      return new Tokens(LIBRARY.getTokenIds(encoding), LIBRARY.getTypeIds(encoding));
    } finally {
      LIBRARY.deleteEncoding(encoding);
    }
  }
}

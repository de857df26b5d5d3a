package io.vivace.core.codec;

import io.vivace.core.InvalidInputException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.internal.djl.NativeTokenizer;
import io.vivace.core.internal.djl.NativeTokenizer.Tokens;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds text to a transformer: token ids, attention mask and, where the model has such an input,
 * token types. Immutable and thread-safe.
 *
 * <p>Reads the {@code tokenizer.json} of Hugging Face's tokenizers, whose library it needs on the
 * class path: {@code ai.djl.huggingface:tokenizers}. Padding and truncation that the file asks for
 * do not count: a text is as long as its tokens, a batch as long as its longest text.
 *
 * <p>Defaults: at most 512 tokens, special tokens included; inputs {@code input_ids}, {@code
 * attention_mask} and {@code token_type_ids}, of int64 or int32; the padding token of the file. An
 * empty text has its special tokens only.
 *
 * <p>The native tokenizer is opened by the first use, which is the predictor's {@code build()}. It
 * needs no closing: its memory is freed with this object.
 */
public final class TextInput implements Preprocessor<String> {
  private static final int DEFAULT_MAX_LENGTH = 512;

  private final TokenizerFile file;
  private final int maxLength;
  private final List<TensorSpec> tensors;
  private volatile @Nullable NativeTokenizer tokenizer;

  private TextInput(TokenizerFile file, int maxLength, List<TensorSpec> tensors) {
    this.file = file;
    this.maxLength = maxLength;
    this.tensors = tensors;
  }

  private static TextInput of(TokenizerFile file) {
    return new TextInput(
        file, DEFAULT_MAX_LENGTH, specs("input_ids", "attention_mask", "token_type_ids"));
  }

  private static List<TensorSpec> specs(String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> TensorSpec.of(name, ElementType.INT64, Shape.ANY))
        .toList();
  }

  /**
   * Reads a tokenizer from a file.
   *
   * @param path a {@code tokenizer.json}, or a folder that holds one
   * @return a codec with default options
   * @throws ModelLoadException if the file cannot be read, has more than 256 MiB or is no such file
   */
  public static TextInput tokenizer(Path path) {
    return of(TokenizerFile.read(path));
  }

  /**
   * Reads a tokenizer from a stream, for example a class-path resource.
   *
   * @param json the content of a {@code tokenizer.json}; read to its end and left open
   * @return a codec with default options
   * @throws ModelLoadException if it cannot be read, has more than 256 MiB or is no such file
   */
  public static TextInput tokenizer(InputStream json) {
    try {
      return of(TokenizerFile.read("(stream)", json));
    } catch (IOException e) {
      throw new ModelLoadException("cannot read the tokenizer's stream: " + e, e);
    }
  }

  /**
   * Sets how many tokens of a text count, special tokens included; what is beyond is cut off.
   *
   * <p>Default: 512.
   *
   * @param tokens from 4 to 1,048,576; not more than the model can take
   * @return a changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public TextInput maxLength(int tokens) {
    if (tokens < 4 || tokens > 1 << 20) {
      throw new IllegalArgumentException(
          "maxLength must be from 4 to 1,048,576, but was " + tokens);
    }
    return new TextInput(file, tokens, tensors);
  }

  /**
   * Names the model's inputs.
   *
   * <p>Default: {@code input_ids}, {@code attention_mask}, {@code token_type_ids}.
   *
   * @param ids the input for token ids
   * @param mask the input that is 1 for each token and 0 for padding
   * @param types the input that tells the texts of a pair apart; left out where the model has no
   *     such input
   * @return a changed copy
   */
  public TextInput named(String ids, String mask, String types) {
    return new TextInput(file, maxLength, specs(ids, mask, types));
  }

  /**
   * Returns this codec for two texts in one sequence, as cross-encoders take them. Where they are
   * too long together, the longer one is cut.
   *
   * @return a codec that joins the texts as the tokenizer's file says
   */
  public Preprocessor<Pair> pairs() {
    return new Pairs();
  }

  /**
   * Two texts.
   *
   * @param first for example a question
   * @param second for example a passage that may answer it
   */
  public record Pair(String first, String second) {}

  @Override
  public List<TensorSpec> tensors() {
    tokenizer();
    return tensors;
  }

  @Override
  public boolean isOptional(TensorSpec tensor) {
    return tensor.equals(tensors.get(2));
  }

  @Override
  public boolean accepts(TensorSpec tensor, ElementType modelType) {
    return modelType == ElementType.INT64 || modelType == ElementType.INT32;
  }

  @Override
  public EncodedRow encode(@Nullable String text) {
    if (text == null) {
      throw new InvalidInputException("the text must not be null");
    }
    return row(tokenizer().encode(text));
  }

  private EncodedRow row(Tokens tokens) {
    if (tokens.ids().length == 0) {
      throw new InvalidInputException(
          "the text has no token, and the tokenizer adds none: it cannot be run");
    }
    return new TokenRow(tokens, file.padId());
  }

  private NativeTokenizer tokenizer() {
    NativeTokenizer opened = tokenizer;
    return opened != null ? opened : open();
  }

  private synchronized NativeTokenizer open() {
    NativeTokenizer opened = tokenizer;
    if (opened == null) {
      opened = load();
      tokenizer = opened;
    }
    return opened;
  }

  private NativeTokenizer load() {
    try {
      return NativeTokenizer.open(file.json(), maxLength);
    } catch (LinkageError e) {
      throw new ModelLoadException(
          "TextInput needs the tokenizers library: add ai.djl.huggingface:tokenizers to the class"
              + " path ("
              + e
              + ")",
          e);
    } catch (RuntimeException e) {
      throw new ModelLoadException("cannot open tokenizer " + file.name() + ": " + e, e);
    }
  }

  @Override
  public String toString() {
    return String.format(
        "TextInput[tokenizer=%s, maxLength=%d, padId=%d, inputs=%s]",
        file.name(), maxLength, file.padId(), tensors.stream().map(TensorSpec::name).toList());
  }

  /** The codec for two texts. */
  private final class Pairs implements Preprocessor<Pair> {
    @Override
    public List<TensorSpec> tensors() {
      return TextInput.this.tensors();
    }

    @Override
    public boolean isOptional(TensorSpec tensor) {
      return TextInput.this.isOptional(tensor);
    }

    @Override
    public boolean accepts(TensorSpec tensor, ElementType modelType) {
      return TextInput.this.accepts(tensor, modelType);
    }

    @Override
    public EncodedRow encode(@Nullable Pair pair) {
      if (pair == null || pair.first() == null || pair.second() == null) {
        throw new InvalidInputException("both texts must be there, but found " + pair);
      }
      return row(tokenizer().encode(pair.first(), pair.second()));
    }

    @Override
    public String toString() {
      return TextInput.this + ".pairs()";
    }
  }
}

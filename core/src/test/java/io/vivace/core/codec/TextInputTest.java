package io.vivace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import io.vivace.core.InvalidInputException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.internal.run.TensorRow;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextInputTest {
  private static final String RESOURCE = "/all-minilm-l6-v2-tokenizer.json";

  private static TextInput codec;

  @BeforeAll
  static void open() throws IOException {
    System.setProperty("ai.djl.offline", "true");
    try (InputStream in = Rows.open(RESOURCE)) {
      codec = TextInput.tokenizer(in);
    }
  }

  /** What Hugging Face's Python tokenizers give; made by make_goldens.py. */
  private static final class Golden {
    int maxLength;
    String text = "";
    @Nullable String pair;
    long[] ids = {};
    long[] types = {};
  }

  @Test
  void encode_goldenTexts_givesTheTokensOfPython() throws IOException {
    Golden[] goldens = new Gson().fromJson(Rows.json("tokens.json"), Golden[].class);
    assertThat(goldens).hasSizeGreaterThan(20);
    for (Golden golden : goldens) {
      TextInput limited = codec.maxLength(golden.maxLength);
      String second = golden.pair;
      if (second == null) {
        check(limited, golden.text, golden);
      } else {
        check(limited.pairs(), new TextInput.Pair(golden.text, second), golden);
      }
    }
  }

  private static <I> void check(Preprocessor<I> codec, I item, Golden golden) {
    assertThat(Rows.encode(codec, 0, ElementType.INT64, item).toLongs())
        .as("ids of %s at %d", item, golden.maxLength)
        .isEqualTo(golden.ids);
    assertThat(Rows.encode(codec, 2, ElementType.INT64, item).toLongs()).isEqualTo(golden.types);
    assertThat(Rows.encode(codec, 1, ElementType.INT64, item).toLongs())
        .hasSize(golden.ids.length)
        .containsOnly(1);
  }

  @Test
  void encode_largerRow_isPaddedAndMasked() {
    Shape five = Shape.of(5);
    assertThat(Rows.encodeInto(codec, 0, ElementType.INT64, five, "java").toLongs())
        .containsExactly(101, 9262, 102, 0, 0);
    assertThat(Rows.encodeInto(codec, 1, ElementType.INT64, five, "java").toLongs())
        .containsExactly(1, 1, 1, 0, 0);
    assertThat(Rows.encodeInto(codec, 2, ElementType.INT64, five, "java").toLongs())
        .containsExactly(0, 0, 0, 0, 0);
  }

  @Test
  void encode_int32Model_getsTheSameTokens() {
    TensorSpec ids = codec.tensors().get(0);
    assertThat(codec.accepts(ids, ElementType.INT32)).isTrue();
    assertThat(codec.accepts(ids, ElementType.FLOAT32)).isFalse();
    Tensor tensor = Rows.encode(codec, 0, ElementType.INT32, "java");
    assertThat(TensorRow.ofWhole(tensor).toLongs()).containsExactly(101, 9262, 102);
  }

  @Test
  void tensors_defaultNames_onlyTypesAreOptional() {
    assertThat(codec.tensors())
        .extracting(TensorSpec::name)
        .containsExactly("input_ids", "attention_mask", "token_type_ids");
    assertThat(codec.tensors()).extracting(codec::isOptional).containsExactly(false, false, true);
    assertThat(codec.named("a", "b", "c").tensors())
        .extracting(TensorSpec::name)
        .containsExactly("a", "b", "c");
  }

  @Test
  void encode_oddTexts_neverBreak() {
    Random random = new Random(3);
    for (String text :
        List.of("\ud800", "\udc00 x", "\u0000", "\ufeff", "a\u0301", "\ud83d\ude00\ud83d")) {
      codec.encode(text);
    }
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      random.ints(random.nextInt(50), 0, 0x10000).forEach(c -> text.append((char) c));
      codec.encode(text.toString());
    }
  }

  @Test
  void encode_longText_isCutAndKeepsItsEnd() {
    String text = "word ".repeat(100_000);
    long[] ids = Rows.encode(codec, 0, ElementType.INT64, text).toLongs();
    assertThat(ids).hasSize(512).startsWith(101).endsWith(102);
  }

  @Test
  @SuppressWarnings("NullAway")
  void encode_null_isInvalidInput() {
    assertThatThrownBy(() -> codec.encode(null)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> codec.pairs().encode(new TextInput.Pair("a", null)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> codec.pairs().encode(null)).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void tokenizer_fileOrFolder_opens(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.write(file, Rows.bytes(RESOURCE));
    for (Path path : List.of(file, folder)) {
      TextInput opened = TextInput.tokenizer(path);
      assertThat(Rows.encode(opened, "java").toLongs()).containsExactly(101, 9262, 102);
    }
    assertThatThrownBy(() -> TextInput.tokenizer(folder.resolve("none.json")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("none.json");
  }

  @Test
  void tokenizer_otherContent_isRefused() {
    for (String json : List.of("", "not json", "[]", "{}", "{\"model\": 3}", "\u0000")) {
      assertThatThrownBy(() -> TextInput.tokenizer(stream(json)))
          .as(json)
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("no tokenizer.json");
    }
  }

  @Test
  void tensors_modelThatTheLibraryDoesNotKnow_failsWithItsReason() {
    TextInput unknown = TextInput.tokenizer(stream("{\"model\": {\"type\": \"Nonsense\"}}"));
    assertThatThrownBy(unknown::tensors)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("cannot open tokenizer (stream)");
  }

  @Test
  void tokenizer_mutatedFile_neverBreaks() throws IOException {
    String good = new String(Rows.bytes(RESOURCE), StandardCharsets.UTF_8);
    int vocabulary = good.indexOf("\"vocab\"");
    Random random = new Random(9);
    for (int round = 0; round < 20; round++) {
      StringBuilder bad = new StringBuilder(good);
      for (int i = 0; i < 3; i++) {
        // Structure lies before the vocabulary.
        int at = random.nextInt(round % 2 == 0 ? vocabulary : good.length());
        bad.setCharAt(at, "0123456789{}[]\",:aé-".charAt(random.nextInt(20)));
      }
      try {
        TextInput.tokenizer(stream(bad.toString())).encode("some text, and more");
      } catch (ModelLoadException | InvalidInputException e) {
        assertThat(e).hasMessageContaining("token");
      }
    }
  }

  @Test
  void padId_otherTokenizers_isTakenFromTheFile() {
    assertThat(padId("\"padding\": {\"pad_id\": 7}")).isEqualTo(7);
    assertThat(padId("\"padding\": null, \"added_tokens\": [{\"id\": 1, \"content\": \"<pad>\"}]"))
        .isEqualTo(1);
    assertThat(padId("\"added_tokens\": [{\"id\": 3, \"content\": \"</s>\"}]")).isZero();
  }

  private static long padId(String fields) {
    try {
      return TokenizerFile.read("test", stream("{\"model\": {}, " + fields + "}")).padId();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void maxLength_outOfRange_isRefused() {
    for (int wrong : new int[] {0, 3, -1, (1 << 20) + 1}) {
      assertThatThrownBy(() -> codec.maxLength(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Integer.toString(wrong));
    }
  }

  @Test
  void toString_anyOptions_printsAll() {
    assertThat(codec.maxLength(128).pairs())
        .hasToString(
            "TextInput[tokenizer=(stream), maxLength=128, padId=0,"
                + " inputs=[input_ids, attention_mask, token_type_ids]].pairs()");
  }
}

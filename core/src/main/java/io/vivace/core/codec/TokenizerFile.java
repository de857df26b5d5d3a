package io.vivace.core.codec;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a {@code tokenizer.json} says, as far as it is needed before native code reads it.
 *
 * @param name how messages name it
 * @param json the whole text
 * @param padId the number of the padding token; 0 if the file names none
 */
record TokenizerFile(String name, String json, long padId) {
  private static final int MAX_BYTES = 256 << 20;
  private static final Set<String> PAD_TOKENS = Set.of("[PAD]", "<pad>", "<|pad|>");

  static TokenizerFile read(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in);
    } catch (IOException e) {
      throw new ModelLoadException("cannot read tokenizer " + file + ": " + e, e);
    }
  }

  static TokenizerFile read(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new ModelLoadException(
          "tokenizer " + name + " has more than the " + MAX_BYTES + " bytes that are allowed");
    }
    String json = new String(bytes, StandardCharsets.UTF_8);
    try {
      JsonObject root = JsonParser.parseString(json).getAsJsonObject();
      if (!(root.get("model") instanceof JsonObject)) {
        throw new JsonParseException("it has no \"model\"");
      }
      return new TokenizerFile(name, json, padId(root));
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException e) {
      throw new ModelLoadException(
          "tokenizer " + name + " is no tokenizer.json of Hugging Face's tokenizers: " + e, e);
    }
  }

  private static long padId(JsonObject root) {
    if (root.get("padding") instanceof JsonObject padding && padding.has("pad_id")) {
      return padding.get("pad_id").getAsLong();
    }
    if (root.get("added_tokens") instanceof JsonArray tokens) {
      for (JsonElement token : tokens) {
        if (PAD_TOKENS.contains(token.getAsJsonObject().get("content").getAsString())) {
          return token.getAsJsonObject().get("id").getAsLong();
        }
      }
    }
    return 0;
  }
}

package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.TextInput;
import io.vivace.core.model.ModelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** MiniLM, ours, and sentences for it. */
final class Sentences {
  static final String SHORT = "The payment was declined because the card had expired.";

  private static final String[] WORDS =
      ("the service answers every request within a few milliseconds while a second model waits for"
              + " its turn and nobody notices that the first one was replaced by a smaller network"
              + " which needs less memory and gives the same results on all of our customers' data")
          .split(" ");

  private Sentences() {}

  /** Sentences of 3 to 60 words. */
  static List<String> mixed(int count) {
    Random random = new Random(42);
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int words = 3 + random.nextInt(58);
      StringBuilder sentence = new StringBuilder();
      for (int w = 0; w < words; w++) {
        sentence.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      sentences.add(sentence.toString().trim() + ".");
    }
    return sentences;
  }

  static Predictor<String, float[]> embedder() {
    return Predictor.builder()
        .model(ModelSource.path(Models.file(Models.MINILM)))
        .input(TextInput.tokenizer(Models.file(Models.MINILM_TOKENIZER)).maxLength(256))
        .output(EmbeddingOutput.meanPooled().normalized())
        .build();
  }
}

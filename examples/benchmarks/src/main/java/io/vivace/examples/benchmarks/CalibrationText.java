package io.vivace.examples.benchmarks;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sentences as the inputs of the encoder. */
final class CalibrationText {
  private CalibrationText() {}

  static List<Map<String, Tensor>> samples(List<String> sentences) throws IOException {
    Map<String, String> options = Map.of("padding", "false", "truncation", "true");
    List<Map<String, Tensor>> samples = new ArrayList<>();
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(Models.file(Models.MINILM_TOKENIZER), options)) {
      for (String sentence : sentences) {
        Encoding encoding = tokenizer.encode(sentence);
        int length = encoding.getIds().length;
        samples.add(
            Map.of(
                "input_ids", Tensor.of(encoding.getIds(), 1, length),
                "attention_mask", Tensor.of(encoding.getAttentionMask(), 1, length),
                "token_type_ids", Tensor.of(encoding.getTypeIds(), 1, length)));
      }
    }
    return samples;
  }
}

package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.translator.TextEmbeddingTranslator;
import ai.djl.translate.Translator;
import io.vivace.core.EngineException;
import io.vivace.core.Predictor;
import io.vivace.core.codec.EmbeddingOutput;
import io.vivace.core.codec.TextInput;
import io.vivace.core.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A translator as DJL ships it, on a real model, with no PyTorch on the class path. */
class DjlTextTranslatorIT {
  private static final List<String> SENTENCES =
      List.of("The cat sits on the mat.", "A dog barks.", "Interest rates rose again last week.");

  private static InputStream tokenizerFile() {
    return Objects.requireNonNull(
        DjlTextTranslatorIT.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json"));
  }

  private static Translator<String, float[]> translator(String pooling) throws IOException {
    try (InputStream file = tokenizerFile()) {
      return TextEmbeddingTranslator.builder(
              HuggingFaceTokenizer.newInstance(file, Map.of("padding", "true")))
          .optPoolingMode(pooling)
          .optIncludeTokenTypes(true)
          .build();
    }
  }

  private static <I, O> Predictor<I, O> predictor(Translator<I, O> translator) {
    return Predictor.builder()
        .model(ModelSource.classpath("/all-minilm-l6-v2.onnx"))
        .translator(translator)
        .build();
  }

  @Test
  void predictAll_djlsEmbeddings_equalOurs() throws IOException {
    List<float[]> ours;
    try (InputStream file = tokenizerFile();
        var predictor =
            Predictor.builder()
                .model(ModelSource.classpath("/all-minilm-l6-v2.onnx"))
                .input(TextInput.tokenizer(file))
                .output(EmbeddingOutput.meanPooled().normalized())
                .build()) {
      ours = predictor.predictAll(SENTENCES);
    }
    try (var predictor = predictor(translator("mean"))) {
      List<float[]> together = predictor.predictAll(SENTENCES);
      for (int i = 0; i < SENTENCES.size(); i++) {
        assertThat(together.get(i)).containsExactly(ours.get(i), within(1e-5f));
        assertThat(predictor.predict(SENTENCES.get(i))).containsExactly(ours.get(i), within(1e-5f));
      }
    }
  }

  @Test
  void predict_operationThatNobodyHas_isNamed() throws IOException {
    try (var predictor = predictor(translator("max"))) {
      assertThatThrownBy(() -> predictor.predict("Hello."))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("NDArray.eq (")
          .hasMessageContaining("add io.vivace:vivace-engine-pytorch");
    }
  }
}

package io.vivace.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickstartIT {
  @Test
  void run_query_findsTheSentenceThatMeansTheSame() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Quickstart.run(
        Quickstart.query(new String[] {"--text", "How can I reset my login secret?"}),
        new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines.get(0))
        .isEqualTo("Semantic search among 50 sentences: How can I reset my login secret?");
    assertThat(lines.get(1)).endsWith("My password reset link does not work any more.");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("engine OnnxRuntime", "p50", "p99", "fashion-cnn.pt", "fashion-cnn.onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fashion-cnn.pt", "fashion-cnn.onnx"})
  void countRight_eachEngine_equalsThePythonReference(String model) throws IOException {
    Properties reference = new Properties();
    try (InputStream in = Quickstart.class.getResourceAsStream("reference-counts.properties")) {
      reference.load(Objects.requireNonNull(in));
    }
    var images = FashionClassifier.images();
    assertThat(images.size()).isEqualTo(Integer.parseInt(reference.getProperty("images")));
    assertThat(FashionClassifier.countRight(model, images))
        .isEqualTo(Integer.parseInt(reference.getProperty(model)));
  }

  @Test
  void query_unknownArguments_areRefused() {
    assertThatThrownBy(() -> Quickstart.query(new String[] {"--txt", "x"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--text");
    assertThat(Quickstart.query(new String[0])).isNotBlank();
  }
}

package io.vivace.engines.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractModelsTest {
  @ParameterizedTest
  @CsvSource({
    "ONNX, f0ed983b866157dbced7a37c25bfe641fc2525ec4ff46a1970bde501da4c88d7",
    "TORCHSCRIPT, db70f2ec6726116d17526ea0e1659d488aea6cc91592c504106ccb94f4886a93"
  })
  void file_trainedModel_isTheOneThatWasMeasured(ModelFormat format, String sha256)
      throws IOException, NoSuchAlgorithmException {
    byte[] bytes = Files.readAllBytes(ContractModels.file(ContractModels.DIGITS, format));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
  }
}

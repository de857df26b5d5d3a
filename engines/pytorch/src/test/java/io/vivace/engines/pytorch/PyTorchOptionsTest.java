package io.vivace.engines.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivace.engines.pytorch.PyTorchOptions.SelfTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchOptionsTest {
  @Test
  void toString_defaults_printsEveryValue() {
    assertThat(PyTorchOptions.cpu())
        .hasToString(
            "PyTorchOptions[device=cpu, orCpu=false, intraOpThreads=1,"
                + " interOpThreads=engine default, selfTest=auto, download=false]");
  }

  @Test
  void options_everyOneChanged_leaveTheOthersAndTheOriginal() {
    PyTorchOptions start = PyTorchOptions.cuda(1);
    PyTorchOptions changed =
        start.orCpu().intraOpThreads(2).interOpThreads(3).selfTest(SelfTest.SKIP).download(true);
    assertThat(changed)
        .hasToString(
            "PyTorchOptions[device=cuda:1, orCpu=true, intraOpThreads=2, interOpThreads=3,"
                + " selfTest=skip, download=true]");
    assertThat(changed.threadsPerRun()).isEqualTo(2);
    assertThat(start).hasToString(PyTorchOptions.cuda(1).toString());
  }

  @Test
  void parseOptions_allOfThem_equalTheFluentOnes() {
    assertThat(
            new PyTorchProvider()
                .parseOptions(
                    Map.of(
                        "device", "cuda:1",
                        "orCpu", "true",
                        "intraOpThreads", "2",
                        "interOpThreads", "3",
                        "selfTest", "cure",
                        "download", "true")))
        .hasToString(
            PyTorchOptions.cuda(1)
                .orCpu()
                .intraOpThreads(2)
                .interOpThreads(3)
                .selfTest(SelfTest.CURE)
                .download(true)
                .toString());
  }

  @ParameterizedTest
  @CsvSource({
    "device, gpu, cuda:N",
    "device, cuda:, cuda:N",
    "device, '', cuda:N",
    "intraOpThreads, many, whole number",
    "intraOpThreads, 0, 1 to 1",
    "interOpThreads, 1025, 1 to 1",
    "selfTest, AUTO, 'one of [auto, cure, skip]'",
    "download, yes, true or false"
  })
  void parseOptions_valueNotAllowed_saysWhatIs(String name, String value, String allowed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PyTorchProvider().parseOptions(Map.of(name, value)))
        .withMessageContaining(name)
        .withMessageContaining(allowed);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1025})
  void threads_outOfRange_areRefused(int count) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PyTorchOptions.cpu().intraOpThreads(count));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PyTorchOptions.cpu().interOpThreads(count));
  }

  @Test
  void cuda_negative_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> PyTorchOptions.cuda(-1));
  }
}

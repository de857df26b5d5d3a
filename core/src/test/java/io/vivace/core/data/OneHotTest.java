package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneHotTest {
  private static final List<List<String>> ROWS =
      List.of(List.of("red", "1.5", "s"), List.of("blue", "", "m"), List.of("red", "-2", "m"));

  @TempDir Path folder;

  @Test
  void row_hasAFeatureForEachCategoryInTheirOrder() {
    OneHot encoding = OneHot.categories(2, 0).fit(ROWS);

    assertThat(encoding.features()).isEqualTo(5);
    assertThat(encoding.apply(List.of("red", "1.5", "s"))).containsExactly(0, 1, 1.5, 0, 1);
    assertThat(encoding.apply(List.of("blue", " 7 ", "m"))).containsExactly(1, 0, 7, 1, 0);
    assertThat(encoding.apply(List.of("green", "", "s"))).containsExactly(0, 0, Double.NaN, 0, 1);
    assertThat(encoding).hasToString("OneHot[3 columns, 5 features]");
  }

  @Test
  void savedEncoding_isReadBack() throws IOException {
    OneHot encoding = OneHot.categories(0, 2).fit(ROWS);
    Path file = folder.resolve("encoding.json");

    encoding.save(file);

    assertThat(OneHot.load(file)).isEqualTo(encoding).hasSameHashCodeAs(encoding);
    assertThat(OneHot.load(file).apply(ROWS.get(0))).containsExactly(encoding.apply(ROWS.get(0)));
  }

  /** As OneHotEncoder of scikit-learn 1.9 with handle_unknown="ignore" has it. */
  @Test
  void categories_equalScikitLearn() {
    OneHot encoding =
        OneHot.categories(0, 1)
            .fit(List.of(List.of("red", "s"), List.of("blue", "m"), List.of("red", "m")));

    assertThat(encoding.apply(List.of("red", "s"))).containsExactly(0, 1, 0, 1);
    assertThat(encoding.apply(List.of("blue", "m"))).containsExactly(1, 0, 1, 0);
    assertThat(encoding.apply(List.of("green", "s"))).containsExactly(0, 0, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"format\":1}",
        "{\"format\":{},\"oneHot\":[[]]}",
        "{\"format\":\"x\",\"oneHot\":[[]]}",
        "{\"format\":1,\"oneHot\":[]}",
        "{\"format\":1,\"oneHot\":[null]}",
        "{\"format\":1,\"oneHot\":[[\"a\",\"a\"]]}"
      })
  void load_aFileOfSomethingElse_namesIt(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), content);

    assertThatThrownBy(() -> OneHot.load(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("no one-hot encoding in ");
  }

  @Test
  void badInput_isNamed() {
    OneHot encoding = OneHot.categories(0).fit(List.of(List.of("a", "1")));

    assertThatThrownBy(() -> OneHot.categories(1, 1)).hasMessageContaining("[1, 1]");
    assertThatThrownBy(() -> OneHot.categories(0).fit(List.of()))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> OneHot.categories(3).fit(ROWS))
        .hasMessage("there is no column 3: rows have 3");
    assertThatThrownBy(() -> OneHot.categories(0).fit(List.of(List.of("a", "1"), List.of("a"))))
        .hasMessage("a row must have 2 columns, but has 1: [a]");
    assertThatThrownBy(() -> encoding.apply(List.of("a", "x")))
        .hasMessage("column 1 must hold a number, but holds \"x\"");
  }
}

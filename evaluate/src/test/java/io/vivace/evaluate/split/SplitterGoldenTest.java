package io.vivace.evaluate.split;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vivace.evaluate.GoldenJson;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Unshuffled folds equal scikit-learn's. {@code splits.json} holds what the splitters of
 * scikit-learn 1.9.1 gave for classes and groups drawn by numpy: the judged indices of each fold,
 * and the learnt ones before them where they are not simply the rest.
 */
class SplitterGoldenTest {
  static Stream<JsonObject> cases() {
    return elements(GoldenJson.read(SplitterGoldenTest.class, "splits.json").getAsJsonArray())
        .map(JsonElement::getAsJsonObject);
  }

  @Test
  void cases_coverEverySplitter() {
    assertThat(cases().map(each -> each.get("splitter").getAsString()).distinct()).hasSize(8);
    assertThat(cases().count()).isGreaterThan(120);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void split_equalsScikitLearn(JsonObject golden) {
    int size = golden.get("n").getAsInt();
    List<Fold> folds = splitter(golden).split(members(golden, size));
    JsonArray expected = golden.getAsJsonArray("folds");
    assertThat(folds).hasSize(expected.size());
    for (int i = 0; i < folds.size(); i++) {
      JsonArray parts = expected.get(i).getAsJsonArray();
      int[] test = ints(parts.get(parts.size() - 1).getAsJsonArray());
      assertThat(folds.get(i).test()).as("judged in fold %d", i).isEqualTo(test);
      int[] training = parts.size() == 2 ? ints(parts.get(0).getAsJsonArray()) : rest(size, test);
      assertThat(folds.get(i).training()).as("learnt in fold %d", i).isEqualTo(training);
    }
  }

  private static Splitter splitter(JsonObject golden) {
    int k = number(golden, "k");
    return switch (golden.get("splitter").getAsString()) {
      case "kFold" -> Splitter.kFold(k);
      case "stratified" -> Splitter.stratified(k);
      case "group" -> Splitter.group(k);
      case "stratifiedGroup" -> Splitter.stratifiedGroup(k);
      case "leaveOneOut" -> Splitter.leaveOneOut();
      case "leaveOneGroupOut" -> Splitter.leaveOneGroupOut();
      case "predefined" -> Splitter.predefined(ints(golden.getAsJsonArray("testFolds")));
      default -> timeSeries(golden, k);
    };
  }

  private static Splitter timeSeries(JsonObject golden, int k) {
    TimeSeriesSplit split = TimeSeriesSplit.of(k).gap(number(golden, "gap"));
    if (golden.has("max_train_size")) {
      split = split.maxTrainingSize(number(golden, "max_train_size"));
    }
    return golden.has("test_size") ? split.testSize(number(golden, "test_size")) : split;
  }

  private static Members members(JsonObject golden, int size) {
    Members members = Members.of(size);
    if (golden.has("y")) {
      members = members.strata(values(golden.getAsJsonArray("y")));
    }
    return golden.has("groups") ? members.groups(values(golden.getAsJsonArray("groups"))) : members;
  }

  private static List<?> values(JsonArray array) {
    return elements(array)
        .map(
            each ->
                each.getAsJsonPrimitive().isString()
                    ? (Object) each.getAsString()
                    : (Object) each.getAsInt())
        .toList();
  }

  private static int number(JsonObject golden, String name) {
    return golden.has(name) ? golden.get(name).getAsInt() : 0;
  }

  private static int[] ints(JsonArray array) {
    return elements(array).mapToInt(JsonElement::getAsInt).toArray();
  }

  private static int[] rest(int size, int[] test) {
    return IntStream.range(0, size).filter(i -> Arrays.binarySearch(test, i) < 0).toArray();
  }

  private static Stream<JsonElement> elements(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}

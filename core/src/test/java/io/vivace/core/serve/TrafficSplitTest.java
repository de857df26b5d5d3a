package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.CallOptions;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.testing.StubPredictor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficSplitTest {
  private static StubPredictor<String, String> named(String name) {
    return StubPredictor.computing(item -> name + " " + item);
  }

  private static TrafficSplit<String, String> byItem(double blue, double green) {
    return TrafficSplit.<String, String>builder()
        .arm("blue", named("blue"), blue)
        .arm("green", named("green"), green)
        .key(item -> item)
        .salt("test")
        .build();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05, 0.5, 1})
  void predict_withoutKey_sendsAboutTheShare(double share) {
    try (var split = TrafficSplit.canary(named("a"), named("b"), share)) {
      int calls = 20_000;
      for (int i = 0; i < calls; i++) {
        split.predict("x");
      }
      // Six standard deviations of a binomial distribution: fails once in a billion runs.
      double slack = 6 * Math.sqrt(share * (1 - share) / calls);
      assertThat((double) split.calls("candidate") / calls).isCloseTo(share, within(slack));
      assertThat(split.calls("stable") + split.calls("candidate")).isEqualTo(calls);
    }
  }

  @Test
  void predict_key_alwaysGoesToItsArm() {
    try (var split = byItem(1, 1)) {
      for (int i = 0; i < 200; i++) {
        String key = "user-" + i;
        String expected = split.armOf(key) + " " + key;
        assertThat(split.predict(key)).isEqualTo(expected);
        assertThat(split.predictAsync(key).join()).isEqualTo(expected);
        assertThat(split.predictAll(List.of(key))).containsExactly(expected);
      }
    }
  }

  @Test
  void predict_keyOfTheCall_countsBeforeThatOfTheItem() {
    try (var split = byItem(1, 1)) {
      String blue = keyOf(split, "blue");
      String green = keyOf(split, "green");
      assertThat(split.predict(blue, CallOptions.defaults().key(green))).startsWith("green");
      assertThat(split.predictAll(List.of(blue, blue), CallOptions.defaults().key(green)))
          .containsExactly("green " + blue, "green " + blue);
    }
  }

  private static String keyOf(TrafficSplit<?, ?> split, String arm) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "key" + i)
        .filter(key -> split.armOf(key).equals(arm))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void armOf_manyKeys_followsTheWeights() {
    try (var split = byItem(7, 3)) {
      long green =
          IntStream.range(0, 100_000).filter(i -> split.armOf("k" + i).equals("green")).count();
      assertThat(green / 100_000.0).isCloseTo(0.3, within(0.01));
    }
  }

  @Test
  void weight_raised_movesNoKeyBack() {
    try (var split = byItem(95, 5)) {
      List<String> keys = IntStream.range(0, 5_000).mapToObj(i -> "k" + i).toList();
      List<String> before = keys.stream().filter(k -> split.armOf(k).equals("green")).toList();
      split.weight("green", 95);
      List<String> after = keys.stream().filter(k -> split.armOf(k).equals("green")).toList();
      assertThat(after).containsAll(before).hasSizeGreaterThan(before.size());
      assertThat(split.share("green")).isEqualTo(0.5);
    }
  }

  @Test
  void salt_other_drawsAnew() {
    Shares half = new Shares(1, 1);
    long same =
        IntStream.range(0, 10_000)
            .filter(i -> half.at(Shares.point("a", "k" + i)) == half.at(Shares.point("b", "k" + i)))
            .count();
    assertThat(same / 10_000.0).isCloseTo(0.5, within(0.03));
  }

  /** The mixed hash, worked out apart with whole numbers in Python; must never change. */
  @Test
  void point_fixedKeys_staysWhereItIs() {
    assertThat(Shares.point("", "")).isEqualTo(POINT_EMPTY);
    assertThat(Shares.point("test", "user-1")).isEqualTo(POINT_USER);
    assertThat(Shares.point("test", "\u00fcser")).isEqualTo(POINT_UMLAUT);
  }

  private static final double POINT_EMPTY = 0.14838301097631856;
  private static final double POINT_USER = 0.02750458091359742;
  private static final double POINT_UMLAUT = 0.07778083508813116;

  @Test
  void predictEach_itemKeys_dividesAndKeepsTheOrder() {
    try (var split = byItem(1, 1)) {
      List<String> items = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();
      List<String> expected = items.stream().map(item -> split.armOf(item) + " " + item).toList();
      assertThat(split.predictAll(items)).isEqualTo(expected);
      assertThat(split.calls("blue") + split.calls("green")).isEqualTo(50);
      assertThat(split.calls("blue")).isBetween(10L, 40L);
    }
  }

  @Test
  void predictEach_keyFunctionThrows_failsThatItemOnly() {
    try (var split =
        TrafficSplit.<String, String>builder()
            .arm("a", named("a"), 1)
            .key(item -> item.substring(5))
            .build()) {
      List<Outcome<String>> outcomes = split.predictEach(List.of("abc", "abcdefg"));
      assertThat(outcomes.get(0).error()).isInstanceOf(InvalidInputException.class);
      assertThat(outcomes.get(1).get()).isEqualTo("a abcdefg");
      assertThatThrownBy(() -> split.predict("abc")).isInstanceOf(InvalidInputException.class);
      assertThat(split.predictAsync("abc")).isCompletedExceptionally();
    }
  }

  @Test
  void predict_nullKey_isSentAtRandom() {
    try (var split =
        TrafficSplit.<String, String>builder()
            .arm("a", named("a"), 1)
            .arm("never", named("b"), 0)
            .key(item -> null)
            .build()) {
      assertThat(split.predict("x")).isEqualTo("a x");
    }
  }

  @Test
  void shares_edgesAndZeroWeights_neverGiveAnArmOfWeightZero() {
    Shares shares = new Shares(0, 0.1, 0, 0.2, 0);
    assertThat(shares.at(0)).isEqualTo(1);
    assertThat(shares.at(0.34)).isEqualTo(3);
    assertThat(shares.at(Math.nextDown(1.0))).isEqualTo(3);
  }

  @Test
  void build_faultyArms_listsAllFaults() {
    assertThatThrownBy(() -> TrafficSplit.<String, String>builder().build())
        .hasMessageContaining("at least one arm");
    assertThatThrownBy(
            () ->
                TrafficSplit.<String, String>builder()
                    .arm("a", named("a"), -1)
                    .arm("a", named("b"), Double.NaN)
                    .build())
        .hasMessageContaining("name of its own, but they were [a, a]")
        .hasMessageContaining("weights must be finite and at least 0, but were [-1.0, NaN]");
    assertThatThrownBy(() -> TrafficSplit.canary(named("a"), named("b"), 1.5))
        .hasMessage("share must be from 0 to 1, but was 1.5");
    try (var split = byItem(1, 0)) {
      assertThatThrownBy(() -> split.weight("blue", 0))
          .hasMessageContaining("at least one weight must be above 0");
      assertThatThrownBy(() -> split.weight("red", 1))
          .hasMessage("no arm \"red\"; there are [blue, green]");
      assertThat(split.share("blue")).isEqualTo(1);
    }
  }

  @Test
  void close_twice_closesAllArms() {
    StubPredictor<String, String> a = named("a");
    StubPredictor<String, String> b = named("b");
    var split = TrafficSplit.canary(a, b, 0.5);
    split.close();
    split.close();
    assertThat(a.isClosed()).isTrue();
    assertThat(b.isClosed()).isTrue();
  }
}

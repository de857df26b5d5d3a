package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private final Dataset<String, Integer> letters =
      Dataset.of(List.of("a", "b", "c", "d"), List.of(0, 1, 2, 3));

  @Test
  void of_lists_pairsThem() {
    assertThat(letters.size()).isEqualTo(4);
    assertThat(letters.get(2)).isEqualTo(new Example<>("c", 2));
    assertThat(letters).hasSize(4).first().isEqualTo(new Example<>("a", 0));
    assertThat(letters.inputs()).containsExactly("a", "b", "c", "d");
    assertThat(letters.labels()).containsExactly(0, 1, 2, 3);
    assertThat(letters).hasToString("Dataset[4 examples]");
  }

  @Test
  void of_examples_keepsOrder() {
    Dataset<String, Integer> data =
        Dataset.of(List.of(new Example<>("x", 1), new Example<>("y", 2)));
    assertThat(data.inputs()).containsExactly("x", "y");
    assertThat(data.labels()).containsExactly(1, 2);
  }

  @Test
  void of_lengthsDiffer_isRefusedWithBoth() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dataset.of(List.of("a", "b"), List.of(1)))
        .withMessageContaining("2 inputs")
        .withMessageContaining("1 labels");
  }

  @Test
  void of_listChangedLater_staysAsItWas() {
    List<String> inputs = new ArrayList<>(List.of("a"));
    Dataset<String, Integer> data = Dataset.of(inputs, List.of(1));
    inputs.set(0, "z");
    assertThat(data.get(0).input()).isEqualTo("a");
  }

  @Test
  void of_nothing_isEmpty() {
    Dataset<String, Integer> empty = Dataset.of(List.of(), List.of());
    assertThat(empty.isEmpty()).isTrue();
    assertThat(empty.shuffled(1)).isEmpty();
    assertThat(empty.iterator().hasNext()).isFalse();
    assertThatThrownBy(() -> empty.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void inputs_ofAnyView_areUnmodifiable() {
    for (Dataset<String, Integer> data :
        List.of(letters, letters.slice(0, 2), letters.select(1), letters.mapInputs(s -> s))) {
      assertThatThrownBy(() -> data.inputs().set(0, "z"))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void select_indices_takesThemInOrderAndTwice() {
    assertThat(letters.select(3, 0, 3).inputs()).containsExactly("d", "a", "d");
    assertThat(letters.select()).isEmpty();
  }

  @Test
  void select_arrayChangedLater_staysAsItWas() {
    int[] indices = {1};
    Dataset<String, Integer> selected = letters.select(indices);
    indices[0] = 2;
    assertThat(selected.inputs()).containsExactly("b");
  }

  @Test
  void select_ofView_countsFromTheView() {
    assertThat(letters.slice(1, 4).select(2, 0).labels()).containsExactly(3, 1);
  }

  @Test
  void select_unknownIndex_isRefusedAtOnce() {
    assertThatThrownBy(() -> letters.select(0, 4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("4");
    assertThatThrownBy(() -> letters.select(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void slice_range_isHalfOpen() {
    assertThat(letters.slice(1, 3).inputs()).containsExactly("b", "c");
    assertThat(letters.slice(2, 2)).isEmpty();
    assertThatThrownBy(() -> letters.slice(3, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> letters.slice(3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void concat_two_comeOneAfterTheOther() {
    Dataset<String, Integer> both = letters.slice(3, 4).concat(letters.slice(0, 2));
    assertThat(both.inputs()).containsExactly("d", "a", "b");
    assertThat(both.labels()).containsExactly(3, 0, 1);
  }

  @Test
  void mapInputs_lazily_runsOnlyForWhatIsAsked() {
    AtomicInteger calls = new AtomicInteger();
    Dataset<String, Integer> upper =
        letters.mapInputs(
            letter -> {
              calls.incrementAndGet();
              return letter.toUpperCase(java.util.Locale.ROOT);
            });
    assertThat(upper.labels()).hasSize(4);
    assertThat(calls).hasValue(0);
    assertThat(upper.slice(2, 4).get(1)).isEqualTo(new Example<>("D", 3));
    assertThat(calls).hasValue(1);
    Dataset<String, Integer> kept = upper.materialized();
    assertThat(calls).hasValue(5);
    assertThat(kept.inputs()).containsExactly("A", "B", "C", "D");
    assertThat(kept.inputs()).containsExactly("A", "B", "C", "D");
    assertThat(calls).hasValue(5);
  }

  @Test
  void mapLabels_function_leavesInputs() {
    assertThat(letters.mapLabels(label -> label % 2 == 0).labels())
        .containsExactly(true, false, true, false);
    assertThat(letters.mapLabels(label -> -label).inputs()).isEqualTo(letters.inputs());
  }

  @Test
  void mapInputs_toNull_failsAndNamesTheElement() {
    Dataset<String, Integer> broken =
        letters.mapInputs(letter -> letter.equals("c") ? null : letter);
    assertThat(broken.get(1).input()).isEqualTo("b");
    assertThatThrownBy(() -> broken.get(2))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("element 2");
  }

  @Test
  void lazy_functions_areAskedForEachElement() {
    Dataset<Integer, Boolean> squares = Dataset.lazy(5, i -> i * i, i -> i > 2);
    assertThat(squares.inputs()).containsExactly(0, 1, 4, 9, 16);
    assertThat(squares.labels()).containsExactly(false, false, false, true, true);
    assertThatThrownBy(() -> squares.get(5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dataset.lazy(-1, i -> i, i -> i))
        .withMessageContaining("-1");
  }

  @Test
  void shuffled_seed_givesAlwaysTheSameOrder() {
    Dataset<Integer, Integer> ten = Dataset.lazy(10, i -> i, i -> i);
    assertThat(ten.shuffled(42).inputs()).containsExactly(8, 3, 6, 5, 4, 0, 9, 2, 1, 7);
    assertThat(ten.shuffled(43).inputs()).containsExactly(4, 9, 2, 1, 6, 0, 8, 3, 5, 7);
    assertThat(ten.shuffled(-1).labels()).containsExactly(6, 7, 0, 3, 5, 4, 2, 1, 9, 8);
  }

  /** The JDK's generator happens to be the same SplitMix64, so it serves as an oracle. */
  @Test
  void permutation_anySize_isFisherYatesOverSplitMix64() {
    for (int size : new int[] {0, 1, 2, 3, 100, 4_096}) {
      SplittableRandom random = new SplittableRandom(size);
      int[] order = IntStream.range(0, size).toArray();
      for (int i = size - 1; i > 0; i--) {
        int j = (int) Math.multiplyHigh(random.nextLong() >>> 1, 2L * (i + 1));
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      assertThat(Permutation.of(size, size)).isEqualTo(order);
    }
  }

  /** Each of the 24 orders is expected 1,000 times; 5 standard deviations are 155. */
  @Test
  void shuffled_manySeeds_givesEachOrderAsOften() {
    int[] counts = new int[256];
    for (int seed = 0; seed < 24_000; seed++) {
      int[] order = Permutation.of(4, seed);
      counts[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
    }
    assertThat(IntStream.of(counts).filter(count -> count > 0).boxed())
        .hasSize(24)
        .allSatisfy(count -> assertThat(count).isBetween(845, 1_155));
  }

  @Test
  void split_fraction_cutsWithoutOverlap() {
    Dataset<Integer, Integer> data = Dataset.lazy(101, i -> i, i -> -i);
    for (double fraction : new double[] {0.01, 0.29, 0.5, 0.8, 0.99}) {
      Dataset.Split<Integer, Integer> split = data.split(fraction, 7);
      assertThat(split.training().size()).isEqualTo((int) Math.round(101 * fraction));
      HashSet<Integer> all = new HashSet<>(split.training().inputs());
      all.addAll(split.heldOut().inputs());
      assertThat(all).hasSize(101);
      assertThat(split.training().size() + split.heldOut().size()).isEqualTo(101);
      assertThat(split.heldOut().stream()).allMatch(each -> each.label() == -each.input());
    }
  }

  @Test
  void split_fractionOutOfRange_isRefused() {
    for (double fraction : new double[] {0, 1, -0.1, 1.5, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> letters.split(fraction, 1))
          .withMessageContaining(Double.toString(fraction));
    }
  }

  @Test
  void split_partWouldBeEmpty_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> letters.split(0.1, 1))
        .withMessageContaining("0 and 4");
    assertThatIllegalArgumentException().isThrownBy(() -> letters.slice(0, 0).split(0.5, 1));
  }

  @Test
  void stream_parallel_seesEveryExampleOnce() {
    Dataset<Integer, Integer> data = Dataset.lazy(10_000, i -> i, i -> i).shuffled(3);
    assertThat(data.stream().parallel().mapToLong(Example::label).sum())
        .isEqualTo(10_000L * 9_999 / 2);
  }
}

package io.vivace.evaluate.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for shuffled splits of any members and any seed. */
class SplitterPropertiesTest {
  @Property(tries = 200, seed = "42")
  void kFold_judgesEachMemberOnce(
      @ForAll @IntRange(min = 2, max = 90) int size,
      @ForAll @IntRange(min = 2, max = 12) int folds,
      @ForAll long seed) {
    Assume.that(folds <= size);
    List<Fold> all = Splitter.kFold(folds).shuffled(seed).split(Members.of(size));
    assertJudgedOnce(all, size);
    assertThat(all.stream().map(Fold::testSize).distinct().count()).isLessThanOrEqualTo(2);
    assertThat(all.get(0).testSize() - all.get(folds - 1).testSize()).isBetween(0, 1);
  }

  @Property(tries = 200, seed = "42")
  void stratified_givesEachFoldItsShareOfEachClass(
      @ForAll @Size(min = 6, max = 80) List<@IntRange(max = 4) Integer> labels,
      @ForAll @IntRange(min = 2, max = 6) int folds,
      @ForAll long seed) {
    Assume.that(IntStream.range(0, 5).anyMatch(c -> count(labels, c) >= folds));
    Members members = Members.of(labels.size()).strata(labels);
    List<Fold> all = Splitter.stratified(folds).shuffled(seed).split(members);
    assertJudgedOnce(all, labels.size());
    for (int label = 0; label < 5; label++) {
      int whole = count(labels, label);
      for (Fold fold : all) {
        assertThat(count(labels, fold.test(), label))
            .isBetween(whole / folds, (whole + folds - 1) / folds);
      }
    }
  }

  @Property(tries = 150, seed = "42")
  void groups_areNeverTornApart(
      @ForAll @Size(min = 8, max = 80) List<@IntRange(max = 14) Integer> groups,
      @ForAll @IntRange(min = 2, max = 4) int folds,
      @ForAll long seed) {
    Assume.that(groups.stream().distinct().count() >= folds);
    Members members = Members.of(groups.size()).groups(groups);
    List<Fold> all = Splitter.group(folds).shuffled(seed).split(members);
    assertJudgedOnce(all, groups.size());
    Stream.concat(
            all.stream(), Splitter.groupShuffle(3, 0.3).shuffled(seed).split(members).stream())
        .forEach(
            fold ->
                assertThat(Arrays.stream(fold.test()).mapToObj(groups::get).toList())
                    .doesNotContainAnyElementsOf(
                        Arrays.stream(fold.training()).mapToObj(groups::get).toList()));
  }

  @Property(tries = 150, seed = "42")
  void stratifiedShuffle_keepsProportionsAndNeverOverlaps(
      @ForAll @Size(min = 20, max = 90) List<@IntRange(max = 2) Integer> labels,
      @ForAll long seed) {
    Assume.that(IntStream.range(0, 3).noneMatch(c -> count(labels, c) == 1));
    List<Fold> all =
        Splitter.stratifiedShuffle(2, 0.25)
            .shuffled(seed)
            .split(Members.of(labels.size()).strata(labels));
    for (Fold fold : all) {
      assertThat(fold.testSize()).isEqualTo((int) Math.ceil(0.25 * labels.size()));
      assertPartition(labels.size(), fold.training(), fold.test());
      for (int label = 0; label < 3; label++) {
        double share = (double) count(labels, label) * fold.testSize() / labels.size();
        assertThat((double) count(labels, fold.test(), label)).isBetween(share - 1, share + 1);
      }
    }
  }

  @Property(tries = 100, seed = "42")
  void seed_reproducesAndMatters(@ForAll long seed) {
    Members members = Members.of(40).strata(IntStream.range(0, 40).mapToObj(i -> i % 3).toList());
    List<SeededSplitter> splitters =
        List.of(Splitter.kFold(4), Splitter.stratified(4), Splitter.shuffle(3, 0.2));
    for (SeededSplitter splitter : splitters) {
      List<int[]> first = tests(splitter.shuffled(seed).split(members));
      assertThat(tests(splitter.shuffled(seed).split(members))).containsExactly(array(first));
      assertThat(tests(splitter.shuffled(seed + 1).split(members))).isNotEqualTo(first);
    }
  }

  @Property(tries = 50, seed = "42")
  void repeated_splitsInAnotherWayEachTime(@ForAll long seed) {
    List<Fold> all = Splitter.kFold(3).shuffled(seed).repeated(4).split(Members.of(30));
    assertThat(all).hasSize(12);
    for (int i = 0; i < 12; i += 3) {
      assertJudgedOnce(all.subList(i, i + 3), 30);
    }
    assertThat(all.stream().map(fold -> Arrays.toString(fold.test())).distinct()).hasSize(12);
  }

  @Property(tries = 100, seed = "42")
  void holdOut_partsAreDisjointAndOfTheirSize(
      @ForAll @IntRange(min = 20, max = 200) int size, @ForAll long seed) {
    List<Integer> rows = IntStream.range(0, size).boxed().toList();
    Dataset<Integer, Integer> data = Dataset.of(rows, rows.stream().map(i -> i % 3).toList());
    for (HoldOut holdOut :
        List.of(HoldOut.of(0.5, 0.25, 0.25), HoldOut.stratified(0.5, 0.25, 0.25))) {
      HoldOut.Parts<Integer, Integer> parts = holdOut.seed(seed).split(data);
      assertThat(parts.test().size()).isEqualTo((int) Math.round(0.25 * size));
      assertThat(parts.validation().size()).isEqualTo((int) Math.round(0.25 * size));
      assertPartition(
          size,
          ints(parts.training().inputs()),
          ints(parts.validation().inputs()),
          ints(parts.test().inputs()));
    }
  }

  @Property(tries = 50, seed = "42")
  void holdOut_groupsAreInOnePartOnly(@ForAll long seed) {
    List<Integer> rows = IntStream.range(0, 60).boxed().toList();
    Dataset<Integer, Integer> data = Dataset.of(rows, rows.stream().map(i -> i / 5).toList());
    HoldOut.Parts<Integer, Integer> parts =
        HoldOut.grouped(0.5, 0.25, 0.25)
            .seed(seed)
            .split(data, Members.of(data).groups(data.labels()));
    assertThat(
            Stream.of(parts.training(), parts.validation(), parts.test())
                .mapToLong(part -> part.labels().stream().distinct().count()))
        .containsExactly(6L, 3L, 3L);
  }

  private static void assertJudgedOnce(List<Fold> folds, int size) {
    assertPartition(size, folds.stream().map(Fold::test).toArray(int[][]::new));
    folds.forEach(fold -> assertPartition(size, fold.training(), fold.test()));
  }

  private static void assertPartition(int size, int[]... parts) {
    assertThat(Stream.of(parts).flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, size).toArray());
  }

  private static List<int[]> tests(List<Fold> folds) {
    return folds.stream().map(Fold::test).toList();
  }

  private static int[][] array(List<int[]> folds) {
    return folds.toArray(int[][]::new);
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int count(List<Integer> labels, int label) {
    return (int) labels.stream().filter(each -> each == label).count();
  }

  private static int count(List<Integer> labels, int[] members, int label) {
    return (int) Arrays.stream(members).filter(i -> labels.get(i) == label).count();
  }
}

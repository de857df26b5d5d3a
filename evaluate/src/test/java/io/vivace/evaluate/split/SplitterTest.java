package io.vivace.evaluate.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivace.core.data.Dataset;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitterTest {
  private static final Members TEN = Members.of(10);

  @Test
  void kFold_fewerMembersThanFolds_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.kFold(11).split(TEN))
        .withMessage("10 members cannot fill 11 folds: take fewer folds");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.kFold(2).split(Members.of(0)))
        .withMessageContaining("0 members");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.kFold(1))
        .withMessage("folds must be at least 2, but was 1");
  }

  @Test
  void stratified_everyClassSmallerThanFolds_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.stratified(3).split(TEN.strata(pairs(10))))
        .withMessageContaining("the largest of 5 classes has 2 members, fewer than 3 folds");
  }

  @Test
  void stratified_withoutStrata_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.stratified(2).split(TEN))
        .withMessageContaining("give labels, or strata(...)");
  }

  @Test
  void stratified_labelsAreArrays_isRefused() {
    Dataset<Integer, int[]> data =
        Dataset.of(List.of(1, 2), List.of(new int[] {0, 1}, new int[] {1, 1}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.stratified(2).split(data))
        .withMessageContaining("of type int[]: name them by texts or numbers");
  }

  @Test
  void group_fewerGroupsThanFolds_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.group(6).split(TEN.groups(pairs(10))))
        .withMessage(
            "5 groups cannot fill 6 folds, since no group is torn apart: take fewer folds");
  }

  @Test
  void group_largerThanAFold_hasAFoldOfItsOwn() {
    List<String> groups = List.of("a", "b", "b", "b", "b", "b", "b", "c", "d", "c");
    List<Fold> folds = Splitter.group(3).split(TEN.groups(groups));
    assertThat(folds.get(0).test()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(folds).extracting(Fold::testSize).containsExactly(6, 2, 2);
  }

  @Test
  void members_otherNumberOfGroups_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TEN.groups(List.of(1, 2)))
        .withMessageContaining("10 members and 2 groups");
  }

  @Test
  void leaveOneGroupOut_oneGroup_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Splitter.leaveOneGroupOut().split(TEN.groups(Collections.nCopies(10, "a"))))
        .withMessageContaining("needs at least 2, but there are 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.leaveOneOut().split(Members.of(0)));
  }

  @Test
  void timeSeries_tooShort_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeSeriesSplit.of(3).gap(4).split(TEN))
        .withMessageContaining("10 members are too few for 3 blocks of 2 after a gap of 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeSeriesSplit.of(10).split(TEN))
        .withMessageContaining("too few");
    assertThatIllegalArgumentException().isThrownBy(() -> TimeSeriesSplit.of(3).gap(-1));
  }

  @Test
  void predefined_otherNumberOfMembers_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.predefined(0, 1).split(TEN))
        .withMessage("folds are laid down for 2 members, but there are 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.predefined(-1, -1))
        .withMessageContaining("all are -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.predefined(0, -3))
        .withMessageContaining("one is -3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.predefined(0, 0).split(Members.of(2)))
        .withMessageContaining("leaves a part empty");
  }

  @Test
  void shuffle_partEmpty_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.shuffle(1, 0.95).split(Members.of(3)))
        .withMessageContaining("drawing 3 of 3 members to judge with leaves a part empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.shuffle(1, 1))
        .withMessageContaining("above 0 and below 1");
    assertThatIllegalArgumentException().isThrownBy(() -> Splitter.shuffle(0, 0.5));
  }

  @Test
  void stratifiedShuffle_classOfOne_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Splitter.stratifiedShuffle(1, 0.5)
                    .split(Members.of(5).strata(List.of("a", "a", "b", "b", "odd"))))
        .withMessageContaining("class odd has 1 member");
  }

  @Test
  void stratifiedShuffle_partSmallerThanClasses_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Splitter.stratifiedShuffle(1, 0.1).split(TEN.strata(pairs(10))))
        .withMessageContaining("each of 5 classes, but the parts have 9 and 1");
  }

  @Test
  void quantileStrata_numbers_areDividedByRank() {
    double[] target = IntStream.range(0, 100).mapToDouble(i -> (i * 37) % 100).toArray();
    Members members = Members.of(100).quantileStrata(target, 5);
    for (Fold fold : Splitter.stratified(4).split(members)) {
      int[] perFifth = new int[5];
      for (int i : fold.test()) {
        perFifth[(int) target[i] / 20]++;
      }
      assertThat(perFifth).containsOnly(5);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Members.of(1).quantileStrata(new double[] {Double.NaN}, 2))
        .withMessageContaining("NaN");
  }

  @Test
  void fold_ofADataset_isTwoViews() {
    Dataset<Integer, Integer> data = Dataset.of(List.of(10, 11, 12), List.of(0, 1, 2));
    Dataset.Split<Integer, Integer> parts = new Fold(new int[] {2, 0}, new int[] {1}).of(data);
    assertThat(parts.training().inputs()).containsExactly(12, 10);
    assertThat(parts.heldOut().labels()).containsExactly(1);
  }

  @Test
  void fold_givenArrays_areCopied() {
    int[] test = {1};
    Fold fold = new Fold(new int[] {0}, test);
    test[0] = 7;
    fold.test()[0] = 8;
    assertThat(fold.test()).containsExactly(1);
  }

  @Test
  void holdOut_partEmpty_isRefused() {
    Dataset<Integer, Integer> two = Dataset.of(List.of(1, 2), List.of(0, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HoldOut.of(0.6, 0.2, 0.2).split(two))
        .withMessageContaining("leaves a part empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HoldOut.of(0.6, 0.2, 0.3))
        .withMessageContaining("sum to 1");
  }

  @Test
  void toString_namesEveryOption() {
    assertThat(Splitter.stratified(5).shuffled(1).repeated(2))
        .hasToString("stratified k-fold[folds=5, times=2, seed=1]");
    assertThat(TimeSeriesSplit.of(3).gap(1))
        .hasToString(
            "TimeSeriesSplit[folds=3, gap=1, maxTrainingSize=all, testSize=n / (folds + 1)]");
  }

  private static List<Integer> pairs(int size) {
    return IntStream.range(0, size).mapToObj(i -> i / 2).toList();
  }
}

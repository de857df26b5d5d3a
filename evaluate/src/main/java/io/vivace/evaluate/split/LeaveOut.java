package io.vivace.evaluate.split;

import java.util.List;
import java.util.stream.IntStream;

/** One fold per member, or per group. */
enum LeaveOut implements Splitter {
  MEMBER {
    @Override
    int[] foldOf(Members members) {
      return IntStream.range(0, members.size()).toArray();
    }
  },
  GROUP {
    @Override
    int[] foldOf(Members members) {
      Codes groups = members.groups();
      return IntStream.range(0, members.size()).map(groups::of).toArray();
    }
  };

  abstract int[] foldOf(Members members);

  @Override
  public List<Fold> split(Members members) {
    int[] foldOf = foldOf(members);
    int folds = IntStream.of(foldOf).max().orElse(-1) + 1;
    if (folds < 2) {
      throw new IllegalArgumentException(
          String.format(
              "leaving one %s out needs at least 2, but there are %d",
              this == GROUP ? "group" : "member", folds));
    }
    return List.copyOf(KFolds.cut(foldOf, folds));
  }

  @Override
  public String toString() {
    return this == GROUP ? "leave-one-group-out" : "leave-one-out";
  }
}

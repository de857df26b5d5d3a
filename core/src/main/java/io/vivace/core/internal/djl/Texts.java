package io.vivace.core.internal.djl;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Elements that are text. */
record Texts(List<String> values) implements Elements {
  static Texts of(String... values) {
    return new Texts(List.of(values));
  }

  @Override
  public DataType type() {
    return DataType.STRING;
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public Elements pick(int[] positions) {
    return new Texts(Arrays.stream(positions).mapToObj(values::get).toList());
  }

  @Override
  public Elements join(List<? extends Elements> others) {
    return new Texts(
        Stream.concat(
                values.stream(), others.stream().flatMap(other -> ((Texts) other).values.stream()))
            .toList());
  }
}

package io.vivace.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ExactSumTest {
  private static ExactSum of(double... values) {
    ExactSum sum = new ExactSum();
    for (double value : values) {
      sum.add(value);
    }
    return sum;
  }

  @Test
  void value_ofNothing_isZero() {
    assertThat(new ExactSum().value()).isEqualTo(0.0);
  }

  @Test
  void value_whereDoubleLosesIt_isExact() {
    assertThat(of(1e308, 1, -1e308).value()).isEqualTo(1.0);
    assertThat(of(Double.MIN_VALUE, 1e300, -1e300).value()).isEqualTo(Double.MIN_VALUE);
    // 0.1 + 0.2 - 0.3 as doubles is 2^-55 + 2^-57 less than nothing lost: 1 / 2^55 exactly
    assertThat(of(0.1, 0.2, -0.3).value()).isEqualTo(0x1p-55);
  }

  @Test
  void value_halfway_roundsToEven() {
    assertThat(of(1, Math.ulp(1.0) / 2).value()).isEqualTo(1.0);
    assertThat(of(1 + Math.ulp(1.0), Math.ulp(1.0) / 2).value()).isEqualTo(1 + 2 * Math.ulp(1.0));
    assertThat(of(1, Math.ulp(1.0) / 2, Double.MIN_VALUE).value()).isEqualTo(1 + Math.ulp(1.0));
    assertThat(of(-1, -Math.ulp(1.0) / 2, -Double.MIN_VALUE).value()).isEqualTo(-1 - Math.ulp(1.0));
  }

  @Test
  void value_beyondTheRange_isInfinite() {
    assertThat(of(Double.MAX_VALUE, Double.MAX_VALUE).value()).isInfinite().isPositive();
    assertThat(of(Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE).value())
        .isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void value_ofInfinitiesAndNaN_isWhatDoublesGive() {
    assertThat(of(1, Double.POSITIVE_INFINITY).value()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(of(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY).value()).isNaN();
    assertThat(of(1, Double.NaN).value()).isNaN();
  }

  @Property(tries = 300, seed = "42")
  void value_ofAnyDoubles_isTheRoundedTrueSum(@ForAll @Size(max = 40) double[] values) {
    BigDecimal truth = BigDecimal.ZERO;
    for (double value : values) {
      truth = truth.add(new BigDecimal(value));
    }
    assertThat(of(values).value()).isEqualTo(truth.doubleValue());
  }

  @Property(tries = 200, seed = "42")
  void merge_inAnyGrouping_givesTheSameBytes(
      @ForAll @Size(max = 30) double[] values, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    ExactSum[] parts = {new ExactSum(), new ExactSum(), new ExactSum()};
    for (double value : values) {
      parts[random.nextInt(3)].add(value);
    }
    parts[2].merge(parts[0]);
    parts[2].merge(parts[1]);
    assertThat(bytes(parts[2])).isEqualTo(bytes(of(values)));
  }

  @Property(tries = 200, seed = "42")
  void addProduct_ofAnyFactors_isExact(@ForAll int a, @ForAll int b) {
    double x = a * 0x1.0000001p-7;
    double y = b * 0x1.3333333333333p3;
    ExactSum sum = new ExactSum();
    sum.addProduct(x, y);
    sum.addProduct(-x, y);
    sum.addProduct(x, y);
    assertThat(sum.value()).isEqualTo(x * y);
    sum.add(-(x * y));
    assertThat(sum.value()).isEqualTo(Math.fma(x, y, -(x * y)));
  }

  @Test
  void read_ofWhatWasWritten_goesOn() throws IOException {
    ExactSum sum = of(1e300, -3, 0.1);
    ExactSum copy = new ExactSum();
    copy.read(new DataInputStream(new ByteArrayInputStream(bytes(sum))));
    copy.add(-1e300);
    assertThat(copy.value()).isEqualTo(-2.9);
  }

  @Test
  void read_ofOtherBytes_isRefused() {
    byte[] bytes = new byte[10];
    bytes[8] = 5;
    bytes[9] = 90;
    assertThatThrownBy(
            () -> new ExactSum().read(new DataInputStream(new ByteArrayInputStream(bytes))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chunks 5 to 90");
  }

  private static byte[] bytes(ExactSum sum) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sum.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}

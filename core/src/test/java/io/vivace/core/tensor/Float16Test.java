package io.vivace.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Float16Test {
  // Values and bits as IEEE 754-2008 defines binary16; ties are halfway between two halves.
  @ParameterizedTest
  @CsvSource({
    "0.0, 0x0000",
    "-0.0, 0x8000",
    "1.0, 0x3c00",
    "-2.0, 0xc000",
    "65504.0, 0x7bff",
    "65519.996, 0x7bff",
    "65520.0, 0x7c00",
    "1e9, 0x7c00",
    "-1e9, 0xfc00",
    "6.103515625e-5, 0x0400",
    "6.097555160522461e-5, 0x03ff",
    "5.960464477539063e-8, 0x0001",
    "2.9802322387695312e-8, 0x0000",
    "2.98023259e-8, 0x0001",
    "8.940696716308594e-8, 0x0002",
    "1.00048828125, 0x3c00",
    "1.00146484375, 0x3c02",
    "0.333251953125, 0x3555",
    "0.33333334, 0x3555"
  })
  void fromFloat_knownValues_roundsToNearestEven(float value, String bits) {
    assertThat(Float16.fromFloat(value) & 0xffff).isEqualTo(Integer.decode(bits));
  }

  @Test
  void toFloat_everyHalf_survivesTheRoundTrip() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = Float16.toFloat((short) bits);
      if ((bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0) {
        assertThat(value).isNaN();
        assertThat(Float16.toFloat(Float16.fromFloat(value))).isNaN();
      } else {
        assertThat(Float16.fromFloat(value) & 0xffff).isEqualTo(bits);
        assertThat(value).isEqualTo(reference(bits));
      }
    }
  }

  /** (-1)^s x 2^(e-15) x (1 + f/1024), subnormals 2^-14 x f/1024. */
  private static float reference(int bits) {
    double sign = (bits & 0x8000) == 0 ? 1 : -1;
    int exponent = (bits >> 10) & 31;
    double fraction = (bits & 1023) / 1024.0;
    if (exponent == 31) {
      return (float) (sign * Double.POSITIVE_INFINITY);
    }
    return exponent == 0
        ? (float) (sign * fraction * Math.pow(2, -14))
        : (float) (sign * (1 + fraction) * Math.pow(2, exponent - 15));
  }

  @Test
  void fromFloat_everyMidpoint_goesToTheEvenNeighbour() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = Float16.toFloat((short) bits);
      float high = Float16.toFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      int even = (bits & 1) == 0 ? bits : bits + 1;
      assertThat(Float16.fromFloat(middle)).isEqualTo((short) even);
      assertThat(Float16.fromFloat(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(Float16.fromFloat(Math.nextDown(middle))).isEqualTo((short) bits);
    }
  }
}

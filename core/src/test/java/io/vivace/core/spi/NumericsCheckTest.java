package io.vivace.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.Shape;
import io.vivace.core.spi.NumericsCheck.Case;
import io.vivace.core.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected numbers: torch 2.13 in float64, oneDNN off, on the same inputs. */
class NumericsCheckTest {
  private static Tensor ramp(long... shape) {
    float[] values = new float[(int) Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7 % 11 - 5) / 8f;
    }
    return Tensor.of(values, shape);
  }

  private static void assertHolds(Tensor tensor, double... expected) {
    float[] values = tensor.toFloats();
    assertThat(values).hasSize(expected.length);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void convolution_kernelOfThree_equalsTorch() {
    assertHolds(
        ReferenceMath.convolution(ramp(2, 3, 3, 2), ramp(2, 3, 3, 3)),
        new double[] {
          -0.046875, -0.515625, -1.015625, 1.0, -0.5, -0.09375, -1.140625, 0.796875, -0.09375,
          0.546875, 0.390625, -0.234375, 0.71875, -0.46875, -0.28125, -0.203125, -0.34375, 0.03125,
          0.296875, -0.375, -0.328125, 0.265625, -0.5, 0.734375
        });
  }

  @Test
  void convolution_kernelOfFive_equalsTorch() {
    assertHolds(
        ReferenceMath.convolution(ramp(2, 3, 3, 2), ramp(1, 3, 5, 5)),
        new double[] {
          -0.78125, 1.578125, -1.015625, 0.3125, -0.5625, -0.78125, 0.96875, -1.359375, 0.84375,
          -0.796875, 0.375, 0.96875
        });
  }

  @Test
  void product_equalsTorch() {
    assertHolds(
        ReferenceMath.product(ramp(2, 3), ramp(3, 4)),
        new double[] {0.546875, -0.34375, 0.3125, -0.234375, -0.1875, -0.03125, -0.046875, 0.625});
  }

  @Test
  void softmax_equalsTorch() {
    assertHolds(
        ReferenceMath.softmax(ramp(2, 4)),
        new double[] {
          0.11984358495556893, 0.2874898150903613, 0.17437138720741985, 0.41829521274664994,
          0.2535484757687672, 0.153784924277163, 0.3689108554330873, 0.2237557445209824
        });
  }

  @Test
  void lstm_equalsTorch() {
    List<Tensor> tensors = List.of(ramp(2, 2, 3), ramp(4, 2, 3), ramp(4, 2, 2), ramp(4, 2));
    assertHolds(
        new ReferenceLstm(tensors).run(),
        new double[] {
          -0.06567812000905549, -0.13151404592619714, -0.03836083270975958, -0.19409736947908665,
          -0.011077833040203322, -0.15096320434858834, -0.04190934629607494, -0.235763872762176
        });
  }

  @Test
  void firstFault_rightAnswers_isEmpty() {
    assertThat(NumericsCheck.firstFault(NumericsCheck.cases(), Case::expected)).isEmpty();
  }

  @Test
  void cases_calledTwice_areEqual() {
    List<Case> again = NumericsCheck.cases();
    assertThat(NumericsCheck.firstFault(again, each -> sameCase(each).expected())).isEmpty();
    assertThat(again).extracting(Case::name).doesNotHaveDuplicates();
  }

  private static Case sameCase(Case wanted) {
    return NumericsCheck.cases().stream()
        .filter(each -> each.name().equals(wanted.name()))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(floats = {0.01f, -0.01f, 20f, Float.NaN, Float.POSITIVE_INFINITY})
  void firstFault_oneElementOff_namesTheCase(float error) {
    assertThat(
            NumericsCheck.firstFault(
                NumericsCheck.cases(),
                each -> {
                  float[] values = each.expected().toFloats();
                  if (each.name().contains("24 channels")) {
                    values[values.length - 1] += error;
                  }
                  return Tensor.of(values, each.expected().shape().toArray());
                }))
        .hasValueSatisfying(fault -> assertThat(fault).contains("5x5", "24 channels", "off by"));
  }

  @Test
  void firstFault_anotherShape_isNamed() {
    assertThat(
            NumericsCheck.firstFault(NumericsCheck.cases(), each -> Tensor.of(new float[4], 2, 2)))
        .hasValueSatisfying(fault -> assertThat(fault).contains("[2, 2]", "[2, 2, 3, 3]"));
  }
}

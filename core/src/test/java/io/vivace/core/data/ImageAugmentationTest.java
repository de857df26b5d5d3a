package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ImageAugmentationTest {
  private static final float[] IMAGE = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  @Test
  void nothingAskedFor_changesNothing() {
    assertThat(ImageAugmentation.of(2, 2, 3).apply(IMAGE, new SplittableRandom(1)))
        .isNotSameAs(IMAGE)
        .containsExactly(IMAGE);
  }

  @Test
  void flip_swapsLeftAndRightOfEveryChannel() {
    float[] flipped = ImageAugmentation.of(2, 2, 3).flip(1).apply(IMAGE, new SplittableRandom(1));

    assertThat(flipped).containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10);
  }

  @Test
  void shift_givesEachDisplacementWithTheEdgeRepeated() {
    float[] row = {1, 2, 3};
    ImageAugmentation augmentation = ImageAugmentation.of(1, 1, 3).shift(1);
    SplittableRandom random = new SplittableRandom(5);
    Set<List<Float>> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      float[] shifted = augmentation.apply(row, random);
      seen.add(List.of(shifted[0], shifted[1], shifted[2]));
    }

    assertThat(seen)
        .containsExactlyInAnyOrder(List.of(1f, 2f, 3f), List.of(1f, 1f, 2f), List.of(2f, 3f, 3f));
  }

  @Test
  void crop_givesEachDisplacementWithABlackMargin() {
    float[] row = {1, 2, 3, 4};
    ImageAugmentation augmentation = ImageAugmentation.of(1, 2, 2).crop(1);
    SplittableRandom random = new SplittableRandom(5);
    Set<List<Float>> seen = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      float[] c = augmentation.apply(row, random);
      seen.add(List.of(c[0], c[1], c[2], c[3]));
    }

    assertThat(seen)
        .hasSize(9)
        .contains(List.of(1f, 2f, 3f, 4f), List.of(0f, 0f, 0f, 1f), List.of(4f, 0f, 0f, 0f));
  }

  @Test
  void noise_hasTheDeviationAskedFor() {
    float[] grey = new float[10_000];
    float[] noisy =
        ImageAugmentation.of(1, 100, 100).noise(0.5).apply(grey, new SplittableRandom(3));

    double squares = 0;
    double sum = 0;
    for (float value : noisy) {
      squares += value * value;
      sum += value;
    }
    assertThat(Math.sqrt(squares / noisy.length)).isBetween(0.48, 0.52);
    assertThat(sum / noisy.length).isBetween(-0.02, 0.02);
  }

  @Test
  void sameGenerator_givesTheSameImage() {
    ImageAugmentation all = ImageAugmentation.of(2, 2, 3).flip(0.5).crop(1).shift(1).noise(1);

    assertThat(all.apply(IMAGE, new SplittableRandom(9)))
        .containsExactly(all.apply(IMAGE, new SplittableRandom(9)));
    assertThat(all).hasToString("ImageAugmentation[2x2x3, flip=0.5, crop=1, shift=1, noise=1.0]");
  }

  @Test
  void badInput_isNamed() {
    ImageAugmentation image = ImageAugmentation.of(1, 2, 3);

    assertThatThrownBy(() -> ImageAugmentation.of(0, 1, 1)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> ImageAugmentation.of(1 << 20, 1 << 10, 1 << 10))
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> image.flip(1.5)).hasMessageContaining("but was 1.5");
    assertThatThrownBy(() -> image.shift(3)).hasMessageContaining("from 0 to 2, but was 3");
    assertThatThrownBy(() -> image.noise(Double.NaN)).hasMessageContaining("but was NaN");
    assertThatThrownBy(() -> image.apply(new float[5], new SplittableRandom(1)))
        .hasMessage("an image must have 1 x 2 x 3 = 6 values, but has 5");
  }
}

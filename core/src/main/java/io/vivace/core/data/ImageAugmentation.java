package io.vivace.core.data;

import java.util.random.RandomGenerator;

/**
 * Changes images at random while a model trains, so that it learns what does not matter: sides,
 * places and noise. Immutable and thread-safe; all randomness comes from the generator that is
 * passed in, so that the same generator gives the same image.
 *
 * <pre>{@code
 * ImageAugmentation augmentation = ImageAugmentation.of(1, 28, 28).flip(0.5).shift(2).noise(0.02);
 * float[] other = augmentation.apply(pixels, random);
 * }</pre>
 *
 * <p>Images are arrays of channel, row and column. What is asked for is done in this order: flip,
 * crop, shift, noise.
 */
public final class ImageAugmentation {
  private final int channels;
  private final int height;
  private final int width;
  private final double flip;
  private final int padding;
  private final int shift;
  private final double noise;

  private ImageAugmentation(
      int channels, int height, int width, double flip, int padding, int shift, double noise) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.flip = flip;
    this.padding = padding;
    this.shift = shift;
    this.noise = noise;
  }

  /**
   * Starts with no change at all.
   *
   * @param channels from 1
   * @param height in pixels, from 1
   * @param width in pixels, from 1
   * @return the augmentation
   * @throws IllegalArgumentException if a size is below 1 or the image too large for an array
   */
  public static ImageAugmentation of(int channels, int height, int width) {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          String.format("sizes must be at least 1, but were %d, %d, %d", channels, height, width));
    }
    if ((long) channels * height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format("an image of %d x %d x %d is too large", channels, height, width));
    }
    return new ImageAugmentation(channels, height, width, 0, 0, 0, 0);
  }

  /**
   * Swaps left and right now and then.
   *
   * @param probability from 0 to 1
   * @return a changed copy
   * @throws IllegalArgumentException if the probability is outside
   */
  public ImageAugmentation flip(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "the probability must be from 0 to 1, but was " + probability);
    }
    return new ImageAugmentation(channels, height, width, probability, padding, shift, noise);
  }

  /**
   * Adds a black margin and cuts an image of the old size out of it at random.
   *
   * @param margin its width in pixels, from 0 to the smaller side
   * @return a changed copy
   * @throws IllegalArgumentException if the margin is outside
   */
  public ImageAugmentation crop(int margin) {
    requirePixels("the margin", margin);
    return new ImageAugmentation(channels, height, width, flip, margin, shift, noise);
  }

  /**
   * Moves the image by up to so many pixels to each side; what comes in repeats the edge.
   *
   * @param pixels the largest distance, from 0 to the smaller side
   * @return a changed copy
   * @throws IllegalArgumentException if the distance is outside
   */
  public ImageAugmentation shift(int pixels) {
    requirePixels("the distance", pixels);
    return new ImageAugmentation(channels, height, width, flip, padding, pixels, noise);
  }

  /**
   * Adds normally distributed noise to every value.
   *
   * @param deviation its standard deviation, finite, from 0, in the unit of the values
   * @return a changed copy
   * @throws IllegalArgumentException if the deviation is outside
   */
  public ImageAugmentation noise(double deviation) {
    if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the deviation must be finite and at least 0, but was " + deviation);
    }
    return new ImageAugmentation(channels, height, width, flip, padding, shift, deviation);
  }

  private void requirePixels(String what, int pixels) {
    if (pixels < 0 || pixels > Math.min(height, width)) {
      throw new IllegalArgumentException(
          String.format(
              "%s must be from 0 to %d, but was %d", what, Math.min(height, width), pixels));
    }
  }

  /**
   * Changes an image.
   *
   * @param image its values; left as they are
   * @param random where the changes come from
   * @return a new image of the same size
   * @throws IllegalArgumentException if it has another size
   */
  public float[] apply(float[] image, RandomGenerator random) {
    if (image.length != channels * height * width) {
      throw new IllegalArgumentException(
          String.format(
              "an image must have %d x %d x %d = %d values, but has %d",
              channels, height, width, channels * height * width, image.length));
    }
    boolean mirrored = flip > 0 && random.nextDouble() < flip;
    int down = offset(padding, random);
    int right = offset(padding, random);
    int down2 = offset(shift, random);
    int right2 = offset(shift, random);
    float[] changed = new float[image.length];
    int next = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          int y = clamp(row - down2, height) - down;
          int x = clamp(column - right2, width) - right;
          changed[next++] = pixel(image, channel, y, mirrored ? width - 1 - x : x);
        }
      }
    }
    for (int i = 0; noise > 0 && i < changed.length; i++) {
      changed[i] += (float) (noise * random.nextGaussian());
    }
    return changed;
  }

  private float pixel(float[] image, int channel, int y, int x) {
    boolean inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? image[(channel * height + y) * width + x] : 0;
  }

  private static int offset(int most, RandomGenerator random) {
    return most == 0 ? 0 : random.nextInt(2 * most + 1) - most;
  }

  private static int clamp(int place, int size) {
    return Math.max(0, Math.min(size - 1, place));
  }

  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT,
        "ImageAugmentation[%dx%dx%d, flip=%s, crop=%d, shift=%d, noise=%s]",
        channels,
        height,
        width,
        flip,
        padding,
        shift,
        noise);
  }
}

package io.vivace.core.codec;

import io.vivace.core.InvalidInputException;

/**
 * How an image of any size becomes one of the model's size.
 *
 * @param width the model's width
 * @param height the model's height
 * @param shorterSide the length that the shorter side is resized to before the middle is cut out; 0
 *     stretches the image instead
 */
record Framing(int width, int height, int shorterSide) {
  private static final int MAX_SIDE = 1 << 14;

  Framing {
    checkSide("width", width, 1);
    checkSide("height", height, 1);
    if (shorterSide != 0) {
      checkSide("shorterSide", shorterSide, Math.max(width, height));
    }
  }

  private static void checkSide(String name, int side, int least) {
    if (side < least || side > MAX_SIDE) {
      throw new IllegalArgumentException(
          String.format("%s must be from %d to %d, but was %d", name, least, MAX_SIDE, side));
    }
  }

  Pixels apply(Pixels image, long maxPixels) {
    if (shorterSide == 0) {
      return Bilinear.resize(image, width, height);
    }
    int shorter = Math.min(image.width(), image.height());
    long newWidth = (long) ((double) shorterSide * image.width() / shorter);
    long newHeight = (long) ((double) shorterSide * image.height() / shorter);
    if (Math.multiplyHigh(newWidth, newHeight) != 0 || newWidth * newHeight > maxPixels) {
      throw new InvalidInputException(
          String.format(
              "an image of %d x %d pixels with its shorter side resized to %d has more than"
                  + " maxPixels=%,d",
              image.width(), image.height(), shorterSide, maxPixels));
    }
    return Bilinear.resize(image, (int) newWidth, (int) newHeight).centreCrop(width, height);
  }

  @Override
  public String toString() {
    return width + "x" + height + (shorterSide == 0 ? "" : ", shorterSide=" + shorterSide);
  }
}

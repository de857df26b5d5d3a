package io.vivace.core.codec;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** An image as bytes, row by row, the channels of a pixel together. */
final class Pixels {
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  Pixels(int width, int height, int channels) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int channels() {
    return channels;
  }

  byte[] samples() {
    return samples;
  }

  /** Takes red, green and blue of each pixel as they are stored; transparency is dropped. */
  static Pixels rgb(BufferedImage image) {
    Pixels pixels = new Pixels(image.getWidth(), image.getHeight(), 3);
    int at = 0;
    int[] row = new int[pixels.width];
    for (int y = 0; y < pixels.height; y++) {
      read(image, y, row);
      for (int argb : row) {
        pixels.samples[at++] = (byte) (argb >> 16);
        pixels.samples[at++] = (byte) (argb >> 8);
        pixels.samples[at++] = (byte) argb;
      }
    }
    return pixels;
  }

  /** Takes the luma of each pixel: ITU-R BT.601 in 16-bit fixed point, rounded to nearest. */
  static Pixels grey(BufferedImage image) {
    Pixels pixels = new Pixels(image.getWidth(), image.getHeight(), 1);
    int at = 0;
    int[] row = new int[pixels.width];
    for (int y = 0; y < pixels.height; y++) {
      read(image, y, row);
      for (int argb : row) {
        int luma =
            19595 * ((argb >> 16) & 0xff) + 38470 * ((argb >> 8) & 0xff) + 7471 * (argb & 0xff);
        pixels.samples[at++] = (byte) ((luma + 0x8000) >> 16);
      }
    }
    return pixels;
  }

  /**
   * Reads one row. Grey images are read from their raster: {@code getRGB} would take their values
   * for linear light and brighten them.
   */
  private static void read(BufferedImage image, int y, int[] row) {
    if (image.getColorModel() instanceof IndexColorModel
        || image.getColorModel().getColorSpace().getType() != ColorSpace.TYPE_GRAY) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      return;
    }
    Raster raster = image.getRaster();
    int bits = image.getColorModel().getComponentSize(0);
    for (int x = 0; x < row.length; x++) {
      int sample = raster.getSample(x, y, 0);
      int grey = bits > 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
      row[x] = grey * 0x010101;
    }
  }

  /** Cuts out the middle; an odd rest is split as Python's {@code round} does, half to even. */
  Pixels centreCrop(int cropWidth, int cropHeight) {
    if (cropWidth == width && cropHeight == height) {
      return this;
    }
    int left = (int) Math.rint((width - cropWidth) / 2.0);
    int top = (int) Math.rint((height - cropHeight) / 2.0);
    Pixels crop = new Pixels(cropWidth, cropHeight, channels);
    for (int y = 0; y < cropHeight; y++) {
      int from = ((top + y) * width + left) * channels;
      System.arraycopy(samples, from, crop.samples, y * cropWidth * channels, cropWidth * channels);
    }
    return crop;
  }
}

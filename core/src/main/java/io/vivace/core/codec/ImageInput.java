package io.vivace.core.codec;

import io.vivace.core.InvalidInputException;
import io.vivace.core.codec.ImageTensor.Channels;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.TensorSpec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Feeds an image to one input of the model. Immutable and thread-safe.
 *
 * <p>In this order: the channels are taken (transparency is dropped; grey is {@code 0.299 R + 0.587
 * G + 0.114 B}), the image is brought to the model's size, and each value becomes {@code (value *
 * scale - mean) / std}.
 *
 * <p>Resizing is bilinear with antialiasing and equals Pillow's {@code BILINEAR}, and so
 * torchvision's {@code Resize} on Pillow images, to the bit. By default an image is stretched;
 * {@link #shorterSide(int)} keeps its proportions.
 *
 * <p>Defaults: float32, values scaled by 1/255 to [0, 1], mean 0, standard deviation 1, channels
 * first ({@code [channels, height, width]}), at most 50,000,000 pixels in a file, the model's input
 * at the codec's position.
 *
 * <p>A file's EXIF orientation and colour profile are not applied, and of an animation the first
 * image is taken.
 *
 * <pre>{@code
 * ImageInput.rgb(224, 224)
 *     .shorterSide(256)
 *     .mean(0.485, 0.456, 0.406)
 *     .std(0.229, 0.224, 0.225)
 *     .fromPath()
 * }</pre>
 */
public final class ImageInput implements Preprocessor<BufferedImage> {
  private static final long DEFAULT_MAX_PIXELS = 50_000_000;

  private final Framing framing;
  private final ImageTensor tensor;
  private final Normalization normalization;
  private final long maxPixels;
  private final float[][] table;

  private ImageInput(
      Framing framing, ImageTensor tensor, Normalization normalization, long maxPixels) {
    this.framing = framing;
    this.tensor = tensor;
    this.normalization = normalization;
    this.maxPixels = maxPixels;
    this.table = normalization.table();
    if (tensor.type() == ElementType.UINT8
        && !normalization.equals(Normalization.unit(tensor.channels().count()))) {
      throw new IllegalArgumentException(
          "uint8 values go to the model as they are, but found " + normalization);
    }
  }

  private static ImageInput of(Channels channels, int width, int height) {
    return new ImageInput(
        new Framing(width, height, 0),
        new ImageTensor("", ElementType.FLOAT32, channels, false),
        Normalization.unit(channels.count()),
        DEFAULT_MAX_PIXELS);
  }

  /**
   * Takes red, green and blue.
   *
   * @param width the model's width in pixels, from 1 to 16,384
   * @param height the model's height in pixels, from 1 to 16,384
   * @return a codec with default options
   * @throws IllegalArgumentException if a size is out of range
   */
  public static ImageInput rgb(int width, int height) {
    return of(Channels.RGB, width, height);
  }

  /**
   * Takes blue, green and red, as models trained with OpenCV do.
   *
   * @param width the model's width in pixels, from 1 to 16,384
   * @param height the model's height in pixels, from 1 to 16,384
   * @return a codec with default options
   * @throws IllegalArgumentException if a size is out of range
   */
  public static ImageInput bgr(int width, int height) {
    return of(Channels.BGR, width, height);
  }

  /**
   * Takes one channel, grey.
   *
   * @param width the model's width in pixels, from 1 to 16,384
   * @param height the model's height in pixels, from 1 to 16,384
   * @return a codec with default options
   * @throws IllegalArgumentException if a size is out of range
   */
  public static ImageInput grey(int width, int height) {
    return of(Channels.GREY, width, height);
  }

  /**
   * Resizes the shorter side to a length, the longer one in proportion, and cuts out the middle.
   *
   * <p>Default: the image is stretched to the model's size.
   *
   * @param pixels from the greater of the model's width and height to 16,384
   * @return a changed copy
   * @throws IllegalArgumentException if the length is out of range
   */
  public ImageInput shorterSide(int pixels) {
    Framing changed = new Framing(framing.width(), framing.height(), pixels);
    return new ImageInput(changed, tensor, normalization, maxPixels);
  }

  /**
   * Sets the factor for values, which are 0 to 255 before.
   *
   * <p>Default: 1/255.
   *
   * @param factor a finite number
   * @return a changed copy
   * @throws IllegalArgumentException if the factor is not finite
   */
  public ImageInput scale(double factor) {
    return new ImageInput(framing, tensor, normalization.scale(factor), maxPixels);
  }

  /**
   * Sets what is subtracted after scaling.
   *
   * <p>Default: 0.
   *
   * @param values one for all channels, or one per channel in the model's order
   * @return a changed copy
   * @throws IllegalArgumentException if their number is another, or one is not finite
   */
  public ImageInput mean(double... values) {
    return new ImageInput(framing, tensor, normalization.mean(values), maxPixels);
  }

  /**
   * Sets what values are divided by in the end.
   *
   * <p>Default: 1.
   *
   * @param values one for all channels, or one per channel in the model's order, each above 0
   * @return a changed copy
   * @throws IllegalArgumentException if their number is another, or one is not finite or not above
   *     0
   */
  public ImageInput std(double... values) {
    return new ImageInput(framing, tensor, normalization.std(values), maxPixels);
  }

  /**
   * Lays out the channels of a pixel together: {@code [height, width, channels]}.
   *
   * <p>Default: {@code [channels, height, width]}.
   *
   * @return a changed copy
   */
  public ImageInput channelsLast() {
    return new ImageInput(framing, tensor.withChannelsLast(), normalization, maxPixels);
  }

  /**
   * Writes half-precision numbers, to nearest, ties to even.
   *
   * <p>Default: float32.
   *
   * @return a changed copy
   */
  public ImageInput float16() {
    return new ImageInput(framing, tensor.of(ElementType.FLOAT16), normalization, maxPixels);
  }

  /**
   * Writes bytes of 0 to 255 as they are, for models that normalize on their own.
   *
   * <p>Default: float32.
   *
   * @return a changed copy
   * @throws IllegalArgumentException if a scale, mean or standard deviation is set
   */
  public ImageInput uint8() {
    return new ImageInput(framing, tensor.of(ElementType.UINT8), normalization, maxPixels);
  }

  /**
   * Sets how many pixels a file may have, which is checked before it is decoded, and an image whose
   * shorter side was resized.
   *
   * <p>Default: 50,000,000. Decoding needs 3 to 8 bytes each.
   *
   * @param pixels at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public ImageInput maxPixels(long pixels) {
    if (pixels < 1) {
      throw new IllegalArgumentException("maxPixels must be at least 1, but was " + pixels);
    }
    return new ImageInput(framing, tensor, normalization, pixels);
  }

  /**
   * Returns this codec for the input of a name.
   *
   * @param input the input's name
   * @return a changed copy
   */
  public ImageInput named(String input) {
    return new ImageInput(framing, tensor.named(input), normalization, maxPixels);
  }

  /**
   * Returns this codec for image files.
   *
   * @return a codec that decodes what the JVM's {@code ImageIO} can: JPEG, PNG, GIF, BMP, TIFF and
   *     WBMP
   */
  public Preprocessor<Path> fromPath() {
    return new Files<>("fromPath", path -> read(path));
  }

  /**
   * Returns this codec for the content of image files.
   *
   * @return a codec that decodes what the JVM's {@code ImageIO} can: JPEG, PNG, GIF, BMP, TIFF and
   *     WBMP
   */
  public Preprocessor<byte[]> fromBytes() {
    return new Files<>("fromBytes", bytes -> read(bytes));
  }

  private BufferedImage read(Path path) {
    return ImageFile.decode(
        "image " + path, maxPixels, () -> new FileImageInputStream(path.toFile()));
  }

  private BufferedImage read(byte[] bytes) {
    return ImageFile.decode(
        "an image of " + bytes.length + " bytes",
        maxPixels,
        () -> new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
  }

  @Override
  public List<TensorSpec> tensors() {
    return List.of(tensor.spec(framing.width(), framing.height()));
  }

  @Override
  public EncodedRow encode(@Nullable BufferedImage image) {
    if (image == null) {
      throw new InvalidInputException("the image must not be null");
    }
    Pixels all = tensor.channels() == Channels.GREY ? Pixels.grey(image) : Pixels.rgb(image);
    byte[] values = tensor.arrange(framing.apply(all, maxPixels));
    if (tensor.type() == ElementType.UINT8) {
      return (index, out) -> out.putBytes(values);
    }
    float[] numbers = tensor.convert(values, table);
    return (index, out) -> out.putFloats(numbers);
  }

  @Override
  public String toString() {
    return String.format(
        "ImageInput[%s, %s, %s, maxPixels=%d]", framing, tensor, normalization, maxPixels);
  }

  /** The codec behind a decoder. */
  private final class Files<T> implements Preprocessor<T> {
    private final String view;
    private final Function<T, BufferedImage> decoder;

    Files(String view, Function<T, BufferedImage> decoder) {
      this.view = view;
      this.decoder = decoder;
    }

    @Override
    public List<TensorSpec> tensors() {
      return ImageInput.this.tensors();
    }

    @Override
    public EncodedRow encode(@Nullable T file) {
      return ImageInput.this.encode(file == null ? null : decoder.apply(file));
    }

    @Override
    public String toString() {
      return ImageInput.this + "." + view + "()";
    }
  }
}

package io.vivace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import io.vivace.core.InvalidInputException;
import io.vivace.core.internal.run.TensorRow;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden images were made by Pillow and torchvision: see make_goldens.py. */
class ImageInputTest {
  private static BufferedImage image(String name) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(Rows.bytes(name)));
  }

  private static byte[] encode(ImageInput codec, BufferedImage image) {
    Tensor tensor = Rows.encode(codec.uint8().channelsLast(), image);
    byte[] values = new byte[tensor.size()];
    tensor.data().get(values);
    return values;
  }

  private static byte[] rgb(BufferedImage image) {
    byte[] values = new byte[image.getWidth() * image.getHeight() * 3];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int pixel = image.getRGB(x, y);
        values[at++] = (byte) (pixel >> 16);
        values[at++] = (byte) (pixel >> 8);
        values[at++] = (byte) pixel;
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"32,24", "90,80", "200,20", "61,30", "1,1"})
  void resize_anySize_equalsPillowToTheBit(int width, int height) throws IOException {
    byte[] expected = rgb(image("resized-" + width + "x" + height + ".png"));
    assertThat(encode(ImageInput.rgb(width, height), image("source.png"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"source", "source-tall"})
  void shorterSide_eitherDirection_equalsTorchvisionsCentreCrop(String name) throws IOException {
    byte[] expected = rgb(image(name + "-shorter40-35x32.png"));
    ImageInput codec = ImageInput.rgb(35, 32).shorterSide(40);
    assertThat(encode(codec, image(name + ".png"))).isEqualTo(expected);
  }

  @Test
  void grey_ofColours_equalsPillow() throws IOException {
    byte[] grey = encode(ImageInput.grey(61, 47), image("source.png"));
    assertThat(grey).isEqualTo(raster(image("source-grey.png")));
    assertThat(encode(ImageInput.grey(32, 24), image("source.png")))
        .isEqualTo(raster(image("resized-grey-32x24.png")));
  }

  private static byte[] raster(BufferedImage grey) {
    int[] samples =
        grey.getRaster().getSamples(0, 0, grey.getWidth(), grey.getHeight(), 0, (int[]) null);
    byte[] values = new byte[samples.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) samples[i];
    }
    return values;
  }

  @Test
  void grey_imageOfGreyPixels_isNotBrightened() throws IOException {
    BufferedImage image = image("source-grey.png");
    assertThat(encode(ImageInput.grey(61, 47), image)).isEqualTo(raster(image));
    byte[] rgb = encode(ImageInput.rgb(61, 47), image);
    assertThat(rgb[300]).isEqualTo(rgb[301]).isEqualTo(raster(image)[100]);
  }

  @Test
  void grey_sixteenBits_takesTheHighByte() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x12ff);
    image.getRaster().setSample(1, 0, 0, 0xffff);
    assertThat(encode(ImageInput.grey(2, 1), image)).containsExactly(0x12, -1);
  }

  @Test
  void rgb_transparency_isDropped() throws IOException {
    assertThat(encode(ImageInput.rgb(61, 47), image("source-rgba.png")))
        .isEqualTo(rgb(image("source.png")));
  }

  @Test
  void rgb_palette_isLookedUp() throws IOException {
    BufferedImage image = image("source-palette.png");
    assertThat(encode(ImageInput.rgb(61, 47), image)).isEqualTo(rgb(image));
  }

  @Test
  void bgr_channels_areReversed() throws IOException {
    byte[] rgb = encode(ImageInput.rgb(61, 47), image("source.png"));
    byte[] bgr = encode(ImageInput.bgr(61, 47), image("source.png"));
    assertThat(new byte[] {bgr[2], bgr[1], bgr[0]}).isEqualTo(Arrays.copyOf(rgb, 3));
    assertThat(bgr[1]).isEqualTo(rgb[1]);
  }

  @Test
  void encode_imagenetRecipe_equalsTorchvision() throws IOException {
    JsonArray expected =
        Rows.json("imagenet-16x16.json").getAsJsonObject().getAsJsonArray("values");
    ImageInput codec =
        ImageInput.rgb(16, 16).shorterSide(16).mean(0.485, 0.456, 0.406).std(0.229, 0.224, 0.225);
    assertThat(codec.tensors()).containsExactly(TensorSpec.of(ElementType.FLOAT32, 3, 16, 16));
    float[] first = Rows.encode(codec, image("source.png")).toFloats();
    float[] last = Rows.encode(codec.channelsLast(), image("source.png")).toFloats();
    TensorRow half = TensorRow.ofWhole(Rows.encode(codec.float16(), image("source.png")));
    for (int i = 0; i < first.length; i++) {
      double value = expected.get(i).getAsDouble();
      // Torchvision rounds to float after each of three steps, we once; values are below 3.
      assertThat((double) first[i]).isCloseTo(value, within(1e-6));
      int plane = 16 * 16;
      assertThat(last[i % plane * 3 + i / plane]).isEqualTo(first[i]);
      assertThat(half.getDouble(i)).isCloseTo(value, within(0x1p-9 + 1e-6));
    }
  }

  @Test
  void scale_one_keepsTheBytesAsNumbers() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0a14ff);
    float[] plain = Rows.encode(ImageInput.rgb(1, 1), image).toFloats();
    assertThat(plain).containsExactly(10 / 255f, 20 / 255f, 1);
    ImageInput codec = ImageInput.rgb(1, 1).scale(1).mean(5).std(5, 1, 10);
    assertThat(Rows.encode(codec, image).toFloats()).containsExactly(1, 15, 25);
  }

  @Test
  void fromBytesAndFromPath_sameFile_giveWhatTheImageGives(@TempDir Path folder)
      throws IOException {
    ImageInput codec = ImageInput.rgb(20, 20).named("x");
    Path file = folder.resolve("image.png");
    Files.write(file, Rows.bytes("source.png"));
    float[] expected = Rows.encode(codec, image("source.png")).toFloats();
    assertThat(Rows.encode(codec.fromPath(), file).toFloats()).isEqualTo(expected);
    assertThat(Rows.encode(codec.fromBytes(), Rows.bytes("source.png")).toFloats())
        .isEqualTo(expected);
    assertThat(codec.fromBytes().tensors()).isEqualTo(codec.tensors());
  }

  @Test
  void fromBytes_jpeg_isCloseToTheOriginal() throws IOException {
    byte[] original = encode(ImageInput.rgb(8, 8), image("source.png"));
    Tensor decoded =
        Rows.encode(
            ImageInput.rgb(8, 8).uint8().channelsLast().fromBytes(), Rows.bytes("source.jpg"));
    for (int i = 0; i < original.length; i++) {
      // Chroma is stored at half the resolution.
      assertThat(decoded.data().get(i) & 0xff).isCloseTo(original[i] & 0xff, within(12));
    }
  }

  @Test
  void fromBytes_fileOfTooManyPixels_isRefusedBeforeItIsDecoded() throws IOException {
    byte[] bomb = headerOf(40_000, 40_000);
    assertThatThrownBy(() -> ImageInput.rgb(8, 8).fromBytes().encode(bomb))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("40000 x 40000 pixels, more than maxPixels=50,000,000");
    byte[] small = Rows.bytes("source.png");
    ImageInput.rgb(8, 8).maxPixels(61 * 47).fromBytes().encode(small);
    assertThatThrownBy(() -> ImageInput.rgb(8, 8).maxPixels(61 * 47 - 1).fromBytes().encode(small))
        .isInstanceOf(InvalidInputException.class);
  }

  /** A PNG that ends after its header. */
  private static byte[] headerOf(int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer chunk = ByteBuffer.allocate(25).putInt(13).put(new byte[] {'I', 'H', 'D', 'R'});
    chunk.putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 17);
    out.write(chunk.putInt((int) crc.getValue()).array());
    return out.toByteArray();
  }

  @Test
  void encode_extremeProportions_doNotExplode() {
    BufferedImage thin = new BufferedImage(1, 60_000, BufferedImage.TYPE_BYTE_GRAY);
    assertThatThrownBy(() -> ImageInput.rgb(224, 224).shorterSide(256).encode(thin))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1 x 60000");
    assertThat(encode(ImageInput.grey(2, 2), thin)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void fromBytes_noImage_saysWhatCanBeDecoded() {
    assertThatThrownBy(() -> ImageInput.rgb(8, 8).fromBytes().encode(new byte[] {1, 2, 3, 4, 5}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("an image of 5 bytes is no image that this JVM can decode")
        .hasMessageContaining("png");
    assertThatThrownBy(() -> ImageInput.rgb(8, 8).fromBytes().encode(new byte[0]))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> ImageInput.rgb(8, 8).fromPath().encode(Path.of("no-such.png")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no-such.png");
  }

  @ParameterizedTest
  @ValueSource(strings = {"source.png", "source.jpg", "source-palette.png"})
  void fromBytes_brokenFile_isInvalidInputOrAnImage(String name) throws IOException {
    byte[] good = Rows.bytes(name);
    Random random = new Random(5);
    Preprocessor<byte[]> codec = ImageInput.rgb(8, 8).fromBytes();
    for (int round = 0; round < 300; round++) {
      byte[] bad = Arrays.copyOf(good, round % 2 == 0 ? good.length : random.nextInt(good.length));
      for (int i = 0; i < 3 && bad.length > 0; i++) {
        bad[random.nextInt(Math.min(bad.length, 300))] = (byte) random.nextInt();
      }
      try {
        codec.encode(bad);
      } catch (InvalidInputException e) {
        assertThat(e).hasMessageContaining("image");
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void encode_null_isInvalidInput() {
    assertThatThrownBy(() -> ImageInput.rgb(8, 8).encode(null))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> ImageInput.rgb(8, 8).fromBytes().encode(null))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void options_outOfRange_areRefused() {
    ImageInput codec = ImageInput.rgb(224, 200);
    assertThatThrownBy(() -> ImageInput.rgb(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.shorterSide(223)).hasMessageContaining("from 224 to 16384");
    assertThatThrownBy(() -> codec.mean(1, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.std(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.scale(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.maxPixels(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.uint8().mean(1)).hasMessageContaining("uint8");
    assertThatThrownBy(() -> codec.mean(1).uint8()).hasMessageContaining("uint8");
  }

  @Test
  void toString_anyOptions_printsAll() {
    assertThat(ImageInput.grey(28, 28).shorterSide(30).fromPath())
        .hasToString(
            "ImageInput[28x28, shorterSide=30, input=by position, type=float32, channels=GREY,"
                + " channelsLast=false, scale=0.00392156862745098, mean=[0.0], std=[1.0],"
                + " maxPixels=50000000].fromPath()");
  }
}

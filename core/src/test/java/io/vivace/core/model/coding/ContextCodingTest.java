package io.vivace.core.model.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.coding.Stretch.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContextCodingTest {
  private static final int WIDTH = 49;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void decode_anyBytesOfAnyKind_givesThemBack(Kind kind) throws DataFormatException {
    SplittableRandom random = new SplittableRandom(7);
    for (int length : new int[] {1, 2, 3, 100, 1_001}) {
      for (int values : new int[] {1, 2, 17, 256}) {
        byte[] plain = new byte[length];
        for (int i = 0; i < length; i++) {
          plain[i] = (byte) (random.nextInt(4) == 0 ? 255 : random.nextInt(values));
        }
        for (int width : new int[] {1, WIDTH, 65_536}) {
          List<Stretch> one = List.of(new Stretch(kind, length, width));
          byte[] coded = ContextCoding.encode(plain, one);
          assertThat(ContextCoding.decode(coded, length)).isEqualTo(plain);
        }
      }
    }
  }

  @Test
  void decode_severalStretches_givesThemBack() throws DataFormatException {
    byte[] plain = new byte[700];
    new SplittableRandom(5).nextBytes(plain);
    List<Stretch> stretches = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      stretches.add(new Stretch(kind, 100, 10));
      stretches.add(new Stretch(Kind.TEXT, 75, 1));
    }
    byte[] coded = ContextCoding.encode(plain, stretches);
    assertThat(ContextCoding.decode(coded, 700)).isEqualTo(plain);
  }

  /** Of 20,000 places 6 % are taken, by what is known of the columns: 0.327 bits without that. */
  @Test
  void encode_placesThatFollowColumns_needFewerBitsThanTheirShare() {
    SplittableRandom random = new SplittableRandom(8);
    boolean[] taken = new boolean[20_000];
    int count = 0;
    for (int i = 0; i < taken.length; i++) {
      taken[i] = random.nextDouble() < (i % WIDTH % 7 == 3 ? 0.36 : 0.01);
      count += taken[i] ? 1 : 0;
    }
    double share = (double) count / taken.length;
    double unaware =
        -taken.length
            * (share * Math.log(share) + (1 - share) * Math.log(1 - share))
            / Math.log(2)
            / Byte.SIZE;
    double aware = taken.length * (0.9427 / 7 + 0.0808 * 6 / 7) / Byte.SIZE;
    byte[] mask = mask(taken);
    byte[] gaps = gaps(taken, count);
    int ofMask = ContextCoding.encode(mask, List.of(stretch(Kind.MASK, mask))).length;
    int ofGaps = ContextCoding.encode(gaps, List.of(stretch(Kind.GAPS, gaps))).length;
    assertThat((double) ofMask).isBetween(aware * 0.95, unaware * 0.85);
    assertThat((double) ofGaps).isBetween(aware * 0.95, unaware * 0.85);
  }

  private static Stretch stretch(Kind kind, byte[] bytes) {
    return new Stretch(kind, bytes.length, WIDTH);
  }

  private static byte[] mask(boolean[] taken) {
    byte[] mask = new byte[taken.length / Byte.SIZE];
    for (int i = 0; i < taken.length; i++) {
      mask[i / Byte.SIZE] |= (byte) (taken[i] ? 1 << (i % Byte.SIZE) : 0);
    }
    return mask;
  }

  private static byte[] gaps(boolean[] taken, int count) {
    byte[] gaps = new byte[count];
    int last = 0;
    int next = 0;
    for (int i = 0; i < taken.length; i++) {
      if (taken[i]) {
        gaps[next++] = (byte) (i - last);
        last = i;
      }
    }
    return gaps;
  }

  /** Files that were written must stay readable: these bytes are the format. */
  @Test
  void decode_codeOfTheFirstVersion_isRead() throws DataFormatException {
    byte[] text = "the code of a text, the code of a text".getBytes(StandardCharsets.US_ASCII);
    byte[] coded = HexFormat.of().parseHex(GOLDEN);
    assertThat(ContextCoding.decode(coded, text.length)).isEqualTo(text);
    List<Stretch> stretches =
        List.of(
            new Stretch(Kind.TEXT, 10, 1),
            new Stretch(Kind.OWN, 9, 1),
            new Stretch(Kind.MASK, 9, 7),
            new Stretch(Kind.GAPS, 10, 16));
    assertThat(HexFormat.of().formatHex(ContextCoding.encode(text, stretches))).isEqualTo(GOLDEN);
  }

  private static final String GOLDEN =
      "04000a01010901020907030a108b9241d7f589e11737bb1a7a0d9e82d0bb83a765bfab5d3e5abf3697064ad1656910e850a48e";

  @Test
  void decode_damagedOrForeignBytes_givesBytesOrARefusal() {
    SplittableRandom random = new SplittableRandom(6);
    byte[] plain = new byte[200];
    random.nextBytes(plain);
    byte[] good =
        ContextCoding.encode(
            plain, List.of(new Stretch(Kind.GAPS, 100, 9), new Stretch(Kind.OWN, 100, 1)));
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] bad = good.clone();
      switch (i % 3) {
        case 0 -> bad = Arrays.copyOf(bad, random.nextInt(bad.length));
        case 1 -> bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        default -> random.nextBytes(bad);
      }
      try {
        assertThat(ContextCoding.decode(bad, 200)).hasSize(200);
      } catch (DataFormatException e) {
        assertThat(e).hasMessageMatching(".{20,}");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(600);
  }

  @Test
  void decode_statedSizesThatCannotBe_areRefused() {
    refused("00", 5, "0 stretches");
    refused("ffff7f", 5, "2097151 stretches");
    refused("ffffffff7f", 5, "too large");
    refused("01", 5, "ends in its header");
    refused("01040501", 5, "kind 4");
    refused("01000001", 5, "length 0");
    refused("0102058080807f", 5, "width 266338304");
    refused("01000401", 5, "4 bytes are stated for 5");
    refused("01000501", 0, "states 0 bytes");
    refused("01000501", ContextCoding.MOST_BYTES + 1, "262,145 bytes");
    byte[] one = ContextCoding.encode(new byte[5], List.of(new Stretch(Kind.TEXT, 5, 1)));
    byte[] longer = Arrays.copyOf(one, one.length + 9);
    assertThatThrownBy(() -> ContextCoding.decode(longer, 5)).hasMessageContaining("goes on");
  }

  private static void refused(String hex, int length, String reason) {
    byte[] coded = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> ContextCoding.decode(coded, length))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void encode_whatDoesNotFit_isRefused() {
    assertThatThrownBy(() -> new Stretch(Kind.MASK, 1, 65_537))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65537");
    assertThatThrownBy(
            () -> ContextCoding.encode(new byte[5], List.of(new Stretch(Kind.OWN, 4, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 bytes");
    byte[] far = new byte[20_000];
    Arrays.fill(far, (byte) 254);
    assertThatThrownBy(() -> ContextCoding.encode(far, List.of(new Stretch(Kind.GAPS, 20_000, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4,194,304 places");
  }
}

package io.vivace.core.model.coding;

import io.vivace.core.model.coding.Stretch.Kind;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;

/**
 * Codes a small file bit by bit, by what followed in the same contexts before. Slow, some hundred
 * nanoseconds a bit, and smaller than codes of single bytes.
 *
 * <pre>{@code
 * number of stretches, then of each: kind (TEXT, OWN, MASK, GAPS), length, width
 * the bits, arithmetically coded; zeros at the end are left away
 * }</pre>
 *
 * <p>Numbers are of 7 bits a byte, the lowest first; all but the last byte of a number have their
 * highest bit set. A byte of a mask is eight bits, one of gaps as many zeros as it states and a
 * one, which 255 goes without. What the contexts are is said by {@code Places} and {@code Texts}.
 */
public final class ContextCoding {
  /** Bytes that are coded at most. */
  public static final int MOST_BYTES = 1 << 18;

  /** By their numbers in files. */
  private static final List<Kind> KINDS = List.of(Kind.TEXT, Kind.OWN, Kind.MASK, Kind.GAPS);

  private static final int MOST_STRETCHES = 1 << 8;
  private static final int MOST_PLACES = 1 << 22;
  private static final int LARGEST = 255;

  private final BitCoder coder;
  private final Texts texts = new Texts();
  private int places;

  private ContextCoding(BitCoder coder) {
    this.coder = coder;
  }

  /**
   * Codes bytes.
   *
   * @param plain at most {@link #MOST_BYTES}
   * @param stretches what they are, from the first to the last
   * @return the code
   * @throws IllegalArgumentException if there are too many bytes, stretches or places, or the
   *     stretches are not as long as the bytes
   */
  public static byte[] encode(byte[] plain, List<Stretch> stretches) {
    BitWriter writer = new BitWriter();
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    put(header, stretches.size());
    for (Stretch stretch : stretches) {
      put(header, KINDS.indexOf(stretch.kind()));
      put(header, stretch.length());
      put(header, stretch.width());
    }
    try {
      new ContextCoding(writer).code(plain.clone(), stretches);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("cannot be coded: " + e.getMessage(), e);
    }
    header.writeBytes(writer.finish());
    return header.toByteArray();
  }

  /**
   * Decodes bytes, which may be damaged.
   *
   * @param coded what {@link #encode} gave
   * @param length how many bytes it must decode to
   * @return the bytes
   * @throws DataFormatException if it is no such code; never anything else
   */
  public static byte[] decode(byte[] coded, int length) throws DataFormatException {
    if (length < 1 || length > MOST_BYTES) {
      throw new DataFormatException(
          "it states %,d bytes, allowed are 1 to %,d".formatted(length, MOST_BYTES));
    }
    int[] at = {0};
    int count = number(coded, at);
    if (count < 1 || count > MOST_STRETCHES) {
      throw new DataFormatException(
          "it states %d stretches, allowed are 1 to %,d".formatted(count, MOST_STRETCHES));
    }
    List<Stretch> stretches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      stretches.add(stretch(coded, at));
    }
    BitReader reader = new BitReader(coded, at[0]);
    byte[] plain = new byte[length];
    new ContextCoding(reader).code(plain, stretches);
    if (!reader.isAtEnd()) {
      throw new DataFormatException("it goes on after its " + length + " bytes");
    }
    return plain;
  }

  private static Stretch stretch(byte[] coded, int[] at) throws DataFormatException {
    int kind = number(coded, at);
    int length = number(coded, at);
    int width = number(coded, at);
    if (kind >= KINDS.size() || length < 1 || width < 1 || width > Stretch.WIDEST) {
      throw new DataFormatException(
          "a stretch of kind %d, length %d and width %d cannot be".formatted(kind, length, width));
    }
    return new Stretch(KINDS.get(kind), length, width);
  }

  private static void put(ByteArrayOutputStream target, int number) {
    int rest = number;
    for (; rest > 0x7F; rest >>>= 7) {
      target.write((rest & 0x7F) | 0x80);
    }
    target.write(rest);
  }

  private static int number(byte[] coded, int[] at) throws DataFormatException {
    int number = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      if (at[0] >= coded.length) {
        throw new DataFormatException("it ends in its header");
      }
      int next = coded[at[0]++];
      number |= (next & 0x7F) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new DataFormatException("a number in its header is too large");
  }

  /** Reads into the bytes, or writes what they are. */
  private void code(byte[] plain, List<Stretch> stretches) throws DataFormatException {
    long sum = stretches.stream().mapToLong(Stretch::length).sum();
    if (sum != plain.length || plain.length > MOST_BYTES || stretches.size() > MOST_STRETCHES) {
      throw new DataFormatException(
          "%d stretches of %,d bytes are stated for %,d"
              .formatted(stretches.size(), sum, plain.length));
    }
    int at = 0;
    for (Stretch stretch : stretches) {
      int end = at + stretch.length();
      switch (stretch.kind()) {
        case TEXT -> texts(texts, plain, at, end);
        case OWN -> texts(new Texts(), plain, at, end);
        case MASK -> mask(new Places(stretch.width()), plain, at, end);
        case GAPS -> gaps(new Places(stretch.width()), plain, at, end);
      }
      at = end;
    }
  }

  private void texts(Texts model, byte[] plain, int from, int to) throws DataFormatException {
    for (int i = from; i < to; i++) {
      plain[i] = (byte) model.code(coder, plain[i] & 0xFF);
    }
  }

  private void mask(Places model, byte[] plain, int from, int to) throws DataFormatException {
    for (int i = from; i < to; i++) {
      int value = 0;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        value |= place(model, (plain[i] >> bit) & 1) << bit;
      }
      plain[i] = (byte) value;
    }
  }

  private void gaps(Places model, byte[] plain, int from, int to) throws DataFormatException {
    Mixer again = new Mixer(new int[] {1}, LARGEST, 0, 1);
    for (int i = from; i < to; i++) {
      // Only the first may be at no distance, but any byte must come back.
      boolean stays = i > from && again.code(coder, plain[i] == 0 ? 1 : 0) == 1;
      plain[i] = (byte) (stays ? 0 : distance(model, i > from ? 1 : 0, plain[i] & 0xFF));
    }
  }

  private int distance(Places model, int least, int wanted) throws DataFormatException {
    for (int value = least; value < LARGEST; value++) {
      if (place(model, value == wanted ? 1 : 0) == 1) {
        return value;
      }
    }
    model.take();
    return LARGEST;
  }

  private int place(Places model, int bit) throws DataFormatException {
    if (++places > MOST_PLACES) {
      throw new DataFormatException(
          "its matrices have more than %,d places".formatted(MOST_PLACES));
    }
    return model.code(coder, bit);
  }
}

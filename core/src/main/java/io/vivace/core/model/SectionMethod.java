package io.vivace.core.model;

import io.vivace.core.model.coding.ContextCoding;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** How a section of a packed model is coded. */
enum SectionMethod {
  /** As it is. */
  STORED {
    @Override
    byte[] inflate(byte[] coded, int length) throws DataFormatException {
      if (coded.length != length) {
        throw new DataFormatException(coded.length + " bytes stored, stated are " + length);
      }
      return coded;
    }
  },
  /** Deflate without a header (RFC 1951). */
  DEFLATED {
    @Override
    byte[] inflate(byte[] coded, int length) throws DataFormatException {
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(coded);
        byte[] plain = new byte[length];
        int count = 0;
        while (count < length) {
          int next = inflater.inflate(plain, count, length - count);
          if (next == 0) {
            throw new DataFormatException(count + " bytes inflated, stated are " + length);
          }
          count += next;
        }
        return plain;
      } finally {
        inflater.end();
      }
    }
  },
  /** Each byte by how often it occurs, see {@link RangeDecoder}. */
  RANGE {
    @Override
    byte[] inflate(byte[] coded, int length) throws DataFormatException {
      return RangeDecoder.inflate(coded, length);
    }
  },
  /** The whole of a small file, bit by bit; slow, so a container has no other section then. */
  CONTEXT {
    @Override
    byte[] inflate(byte[] coded, int length) throws DataFormatException {
      return ContextCoding.decode(coded, length);
    }
  };

  /** By their numbers in files. */
  private static final List<SectionMethod> NUMBERED = List.of(STORED, DEFLATED, RANGE, CONTEXT);

  static int count() {
    return NUMBERED.size();
  }

  static SectionMethod of(int number) {
    return NUMBERED.get(number);
  }

  /**
   * Decodes a section.
   *
   * @param length the number of bytes that it must have
   * @throws DataFormatException if the bytes are damaged; never anything else
   */
  abstract byte[] inflate(byte[] coded, int length) throws DataFormatException;
}

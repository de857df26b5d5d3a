package io.vivace.core.model.coding;

import java.util.BitSet;
import java.util.zip.DataFormatException;

/**
 * Which places of a matrix are taken, row by row: by how many are in the column, in the columns
 * beside it and in the row, and by what is near.
 */
final class Places {
  private static final int LEVELS = 24;
  private static final int STAGES = 10;
  private static final int ROW = 1;
  private static final int LIMIT = 1023;
  private static final double RATE = 0.005;

  private final int width;
  private final int side;
  private final BitSet taken = new BitSet();
  private final int[] inColumn;
  private final Mixer mixer;
  private int place;

  /**
   * @param width of a row
   */
  Places(int width) {
    this.width = width;
    int root = (int) Math.rint(Math.sqrt(width));
    this.side = root * root == width ? root : 2;
    this.inColumn = new int[width];
    int[] sizes = {width, 1, 32, LEVELS * STAGES, LEVELS * STAGES, 64, LEVELS * LEVELS, 1};
    this.mixer = new Mixer(sizes, LIMIT, RATE, 1);
  }

  /** Codes whether the next place is taken. */
  int code(BitCoder coder, int bit) throws DataFormatException {
    int row = place / width;
    int column = place % width;
    if (column == 0) {
      mixer.forget(ROW);
    }
    int stage = Math.min(STAGES - 1, Integer.SIZE - Integer.numberOfLeadingZeros(row));
    int here = inColumn[column];
    int beside = at(column - 1) + at(column + 1);
    int across = at(column - side) + at(column + side);
    mixer.context(0, column);
    mixer.context(2, near());
    mixer.context(3, level(here * 2 + beside, 4 * row) * STAGES + stage);
    mixer.context(4, level(2 * here + beside + across, 6 * row) * STAGES + stage);
    mixer.context(5, above());
    mixer.context(6, level(beside + across, 4 * row) * LEVELS + level(here, row));
    int result = mixer.code(coder, bit);
    next(result == 1);
    return result;
  }

  /** The next place is taken, which is not coded. */
  void take() {
    next(true);
  }

  private void next(boolean isTaken) {
    if (isTaken) {
      taken.set(place);
      inColumn[place % width]++;
    }
    place++;
  }

  private int at(int column) {
    return inColumn[Math.floorMod(column, width)];
  }

  /** The share of places that are taken, in steps that are finer where it is small. */
  private static int level(int count, int of) {
    if (count == 0 || of == 0) {
      return 0;
    }
    return 1 + (int) Math.min(LEVELS - 2, StrictMath.sqrt((double) count / of) * (LEVELS - 1));
  }

  private int near() {
    return bit(place - 1)
        | bit(place - 2) << 1
        | bit(place - width) << 2
        | bit(place - width - 1) << 3
        | bit(place - width + 1) << 4;
  }

  private int above() {
    return bit(place - width)
        | bit(place - 2 * width) << 1
        | bit(place - 3 * width) << 2
        | bit(place - side) << 3
        | bit(place - width - side) << 4
        | bit(place - width + side) << 5;
  }

  private int bit(int at) {
    return at >= 0 && taken.get(at) ? 1 : 0;
  }
}

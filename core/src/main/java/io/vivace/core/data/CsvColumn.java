package io.vivace.core.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a user names a column: by the header's name, or by position; -1 is the last one. */
record CsvColumn(@Nullable String name, int index) {
  static final CsvColumn LAST = at(-1);

  static CsvColumn named(String name) {
    return new CsvColumn(name, 0);
  }

  static CsvColumn at(int index) {
    return new CsvColumn(null, index);
  }

  /** Returns the position in a file that has these columns; without a header they have no names. */
  int resolve(String source, CsvHeader header) throws MalformedDataException {
    int position =
        name != null ? header.names().indexOf(name) : index < 0 ? header.width() + index : index;
    if (position < 0 || position >= header.width()) {
      throw new MalformedDataException(
          String.format("%s: no column %s; there is: %s", source, this, header));
    }
    return position;
  }

  @Override
  public String toString() {
    return name != null ? '"' + name + '"' : Integer.toString(index);
  }

  /** The columns of a file. */
  record CsvHeader(List<String> names, int width) {
    String name(int column) {
      return names.isEmpty() ? Integer.toString(column) : '"' + names.get(column) + '"';
    }

    @Override
    public String toString() {
      return names.isEmpty()
          ? "0 to " + (width - 1) + ", without names since the file is read as headerless"
          : names.toString();
    }
  }
}

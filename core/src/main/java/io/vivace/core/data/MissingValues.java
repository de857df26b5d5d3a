package io.vivace.core.data;

/** What a reader does with a field that holds no value. */
public enum MissingValues {
  /** Fails and names the line and the column. */
  REJECT,
  /** Puts NaN in place of a missing feature; a missing label still fails. */
  NAN,
  /** Leaves the row out, whether a feature or the label is missing. */
  DROP_ROW
}

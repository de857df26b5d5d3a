package io.vivace.optimize.prune;

/**
 * Why channels stay.
 *
 * @param place the node, input or output that needs them
 * @param reason what it needs them for
 */
public record Refusal(String place, String reason) {
  @Override
  public String toString() {
    return place + ": " + reason;
  }
}

package io.vivace.examples.benchmarks;

import java.util.Locale;

/**
 * One measured figure beside a peer's.
 *
 * @param suite the suite
 * @param name what was measured
 * @param ours our value
 * @param peer the peer's value, or the bound where there is no peer
 * @param unit the unit of both
 * @param ratio above 1 where ours is better
 * @param peerName who the peer is
 */
record Figure(
    String suite,
    String name,
    double ours,
    double peer,
    String unit,
    double ratio,
    String peerName) {
  /** A figure of which less is better. */
  static Figure lower(
      String suite, String name, double ours, double peer, String unit, String peerName) {
    return new Figure(suite, name, ours, peer, unit, peer / ours, peerName);
  }

  /** A figure of which more is better. */
  static Figure higher(
      String suite, String name, double ours, double peer, String unit, String peerName) {
    return new Figure(suite, name, ours, peer, unit, ours / peer, peerName);
  }

  /** Seven columns, tab-separated. */
  String toLine() {
    return String.format(
        Locale.ROOT,
        "%s\t%s\t%.3f\t%.3f\t%s\t%.2f\t%s",
        suite,
        name,
        ours,
        peer,
        unit,
        ratio,
        peerName);
  }
}

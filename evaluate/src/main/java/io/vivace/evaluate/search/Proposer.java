package io.vivace.evaluate.search;

/**
 * Proposes the points of one study. May remember what it worked out, but answers as if it did not.
 */
interface Proposer {
  double[] propose(History history);
}

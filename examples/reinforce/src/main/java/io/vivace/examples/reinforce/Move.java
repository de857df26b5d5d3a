package io.vivace.examples.reinforce;

/**
 * What was done in a state, and how much better that went than usual.
 *
 * @param action 0 or 1
 * @param advantage above 0 if the network should do it more often
 */
record Move(int action, double advantage) {}

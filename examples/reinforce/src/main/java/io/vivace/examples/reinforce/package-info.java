/**
 * Reinforcement learning as an example: a network learns to balance a pole on a cart by trial and
 * error.
 */
@NullMarked
package io.vivace.examples.reinforce;

import org.jspecify.annotations.NullMarked;

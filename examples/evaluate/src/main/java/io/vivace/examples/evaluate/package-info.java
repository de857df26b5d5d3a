/** Compares models that are written in Java, and recommends one. */
@NullMarked
package io.vivace.examples.evaluate;

import org.jspecify.annotations.NullMarked;

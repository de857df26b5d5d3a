/** Codecs: how an item becomes a row of the model's inputs, and a row of its outputs an answer. */
@NullMarked
package io.vivace.core.codec;

import org.jspecify.annotations.NullMarked;

/** Coding of small files by what came before, for packed containers. */
@NullMarked
package io.vivace.core.model.coding;

import org.jspecify.annotations.NullMarked;

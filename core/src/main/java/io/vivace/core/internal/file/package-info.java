/** Files that are written whole or not at all. */
@NullMarked
package io.vivace.core.internal.file;

import org.jspecify.annotations.NullMarked;

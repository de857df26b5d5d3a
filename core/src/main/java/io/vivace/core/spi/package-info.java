/** What an engine module implements. Applications do not need this package. */
@NullMarked
package io.vivace.core.spi;

import org.jspecify.annotations.NullMarked;

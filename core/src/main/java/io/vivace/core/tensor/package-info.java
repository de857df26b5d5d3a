/** A typed, shaped block of memory that engines read and write without a copy. */
@NullMarked
package io.vivace.core.tensor;

import org.jspecify.annotations.NullMarked;

/** The contract that every engine module keeps, as tests. */
@NullMarked
package io.vivace.engines.contract;

import org.jspecify.annotations.NullMarked;

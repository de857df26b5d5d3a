/** Figures against the peers, ours and theirs interleaved in one run. */
@NullMarked
package io.vivace.examples.benchmarks;

import org.jspecify.annotations.NullMarked;

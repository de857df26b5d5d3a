/** Compression of DJL blocks in memory: pruning, sharing, rounding, factorization. */
@NullMarked
package io.vivace.optimize.train.block;

import org.jspecify.annotations.NullMarked;

/** What a service sees of its predictors: latency, counted and summed up. */
@NullMarked
package io.vivace.core.observe;

import org.jspecify.annotations.NullMarked;

/** An example that takes a model the whole way, from its data to its requests. */
@NullMarked
package io.vivace.examples.pipeline;

import org.jspecify.annotations.NullMarked;

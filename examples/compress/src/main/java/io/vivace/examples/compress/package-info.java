/** A command line that makes model files smaller, and small programs that show how. */
@NullMarked
package io.vivace.examples.compress;

import org.jspecify.annotations.NullMarked;

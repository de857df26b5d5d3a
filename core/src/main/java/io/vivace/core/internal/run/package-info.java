/** Not API: runs requests on a loaded model. */
@NullMarked
package io.vivace.core.internal.run;

import org.jspecify.annotations.NullMarked;

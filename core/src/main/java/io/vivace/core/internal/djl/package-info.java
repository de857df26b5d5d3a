/** Not API: the only place in this module that knows DJL. */
@NullMarked
package io.vivace.core.internal.djl;

import org.jspecify.annotations.NullMarked;

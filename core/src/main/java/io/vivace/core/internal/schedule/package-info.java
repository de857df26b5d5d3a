/** Not API: decides which requests run when, together with which others, and on whose thread. */
@NullMarked
package io.vivace.core.internal.schedule;

import org.jspecify.annotations.NullMarked;

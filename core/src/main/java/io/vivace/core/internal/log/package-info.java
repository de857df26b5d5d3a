/** Warnings that cannot flood a log. Not API. */
@NullMarked
package io.vivace.core.internal.log;

import org.jspecify.annotations.NullMarked;

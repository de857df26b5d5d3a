/** What several packages of this module share. Not API. */
@NullMarked
package io.vivace.evaluate.internal;

import org.jspecify.annotations.NullMarked;

/** Zip files of sane size. */
@NullMarked
package io.vivace.core.internal.zip;

import org.jspecify.annotations.NullMarked;

/** What training works on. Not API: it changes without notice. */
@NullMarked
package io.vivace.optimize.train.internal;

import org.jspecify.annotations.NullMarked;

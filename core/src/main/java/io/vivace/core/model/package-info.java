/** What a model is before it runs: where it comes from, its format, and its signature. */
@NullMarked
package io.vivace.core.model;

import org.jspecify.annotations.NullMarked;

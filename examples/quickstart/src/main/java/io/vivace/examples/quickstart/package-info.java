/** Semantic search and image classification in one command. */
@NullMarked
package io.vivace.examples.quickstart;

import org.jspecify.annotations.NullMarked;

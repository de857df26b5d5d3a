/** DJL's model zoo, apart from the engine so that model sources and engine form no cycle. */
@NullMarked
package io.vivace.core.internal.djl.zoo;

import org.jspecify.annotations.NullMarked;

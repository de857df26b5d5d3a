/** What the packages of this module share; not for users. */
@org.jspecify.annotations.NullMarked
package io.vivace.optimize.internal;

/** DJL blocks as ONNX files. */
@NullMarked
package io.vivace.optimize.train.export;

import org.jspecify.annotations.NullMarked;

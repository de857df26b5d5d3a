/**
 * Examples to fit, compress and judge models with, the readers that bring them in, and the
 * preparation of their features.
 *
 * <pre>{@code
 * Dataset<double[], Integer> iris =
 *     CsvReader.doubles().headerless().skipLines(1).intLabels().read(Path.of("iris.csv"));
 * Dataset.Split<double[], Integer> split = iris.split(0.8, 42);
 * }</pre>
 */
@NullMarked
package io.vivace.core.data;

import org.jspecify.annotations.NullMarked;

/**
 * Chooses a model, with the evidence for the choice, or says what is missing for one.
 *
 * <pre>{@code
 * Verdict verdict =
 *     Selection.maximize(F1.macro())
 *         .subjectTo(P99_LATENCY.atMost(Duration.ofMillis(20)), SIZE.atMost(megabytes(50)))
 *         .practicallyEqual(0.005)
 *         .among(table);
 * System.exit(verdict.exitCode());
 * }</pre>
 */
@NullMarked
package io.vivace.evaluate.select;

import org.jspecify.annotations.NullMarked;

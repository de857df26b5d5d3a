/**
 * Finds good hyper-parameters: a typed space, samplers that propose, pruners that give up early,
 * and studies that can be resumed after a kill and come out the same with any number of workers.
 *
 * <pre>{@code
 * Space space = Space.of(
 *     Parameter.real("rate", 1e-5, 1e-1).log(),
 *     Parameter.integer("layers", 1, 4),
 *     Parameter.choice("optimizer", "sgd", "adam"),
 *     Parameter.flag("nesterov").when("optimizer", "sgd"));
 * Study study = Study.tpe().trials(100).seed(42).maximize(space, params -> score(params));
 * double rate = study.bestParams().real("rate");
 * }</pre>
 */
@NullMarked
package io.vivace.evaluate.search;

import org.jspecify.annotations.NullMarked;

/**
 * Comparisons with evidence: is one model better than another, by how much, and how sure is that?
 *
 * <p>Which test for which data:
 *
 * <table>
 * <caption>Tests</caption>
 * <tr><th>data</th><th>test</th></tr>
 * <tr><td>two classifiers, right or wrong on the same examples</td>
 *     <td>{@link io.vivace.evaluate.compare.McNemar}</td></tr>
 * <tr><td>two scorers of a binary task, AUC on the same examples</td>
 *     <td>{@link io.vivace.evaluate.compare.DeLong}</td></tr>
 * <tr><td>any metric, two models on the same examples</td>
 *     <td>{@link io.vivace.evaluate.compare.PairedBootstrap}</td></tr>
 * <tr><td>two models over the folds of a (repeated) cross-validation</td>
 *     <td>{@link io.vivace.evaluate.compare.CorrectedResampledT}, {@link
 *     io.vivace.evaluate.compare.FiveByTwo}, {@link
 *     io.vivace.evaluate.compare.BayesianCorrelatedT}</td></tr>
 * <tr><td>two models over several data sets</td>
 *     <td>{@link io.vivace.evaluate.compare.WilcoxonSignedRank}, {@link
 *     io.vivace.evaluate.compare.BayesianSignedRank}</td></tr>
 * <tr><td>several models over several data sets</td>
 *     <td>{@link io.vivace.evaluate.compare.Friedman}, then Nemenyi or Holm</td></tr>
 * </table>
 *
 * <p>Where several tests are made at once, adjust the p-values by {@link
 * io.vivace.evaluate.compare.Correction}. {@link io.vivace.evaluate.compare.EffectSize} says how
 * large a difference is, {@link io.vivace.evaluate.compare.SampleSize} how many examples would
 * decide it. How often each test rejects where there is no difference is simulated; see {@code
 * STATISTICS.md} of this module.
 *
 * <p>Differences are first minus second throughout. All types are immutable and thread-safe.
 */
@NullMarked
package io.vivace.evaluate.compare;

import org.jspecify.annotations.NullMarked;

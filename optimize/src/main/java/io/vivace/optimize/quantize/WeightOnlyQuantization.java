package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.DuplicateWeights;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.ShortNames;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Weights of 2, 4 or 8 bits in blocks, each with a scale of its own; activations stay floats, and
 * so the outputs stay closer than those of int8 activations at the same size. Immutable: each
 * option returns a changed copy.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #bits(int) bits}</td><td>4</td></tr>
 * <tr><td>{@link #blockSize(int) blockSize}</td><td>32</td></tr>
 * <tr><td>{@link #tableBits(int) tableBits}</td><td>8</td></tr>
 * <tr><td>{@link #symmetric() symmetric}</td><td>no: blocks have zero points</td></tr>
 * <tr><td>{@link #strict() strict}</td><td>no: scales are searched</td></tr>
 * <tr><td>{@link #standardOperators() standardOperators}</td>
 *     <td>no: {@code MatMulNBits} and {@code GatherBlockQuantized}</td></tr>
 * <tr><td>{@link #gptq(Iterable) gptq}, {@link #awq(Iterable) awq}</td>
 *     <td>no data: to the nearest</td></tr>
 * </table>
 *
 * <p>Quantized are the constant second factors of {@code MatMul}, those of a plain {@code Gemm},
 * which becomes a {@code MatMul} and an {@code Add}, and the tables of {@code Gather}; each with
 * 4,096 elements or more and used for nothing else. Convolutions stay as they are.
 */
public final class WeightOnlyQuantization implements Quantization {
  static final WeightOnlyQuantization DEFAULTS =
      new WeightOnlyQuantization(
          new BlockFormat(4, 32, false, true), 8, false, false, null, false, Set.of());

  /** DequantizeLinear takes blocks and 4-bit types from it. */
  private static final long BLOCKS_OPSET = 21;

  private static final int LARGEST_BLOCK = 256;

  private final BlockFormat format;
  private final int tableBits;
  private final boolean standard;
  private final boolean gptq;
  private final @Nullable Iterable<Map<String, Tensor>> samples;
  private final boolean awq;
  private final Set<String> excluded;

  private WeightOnlyQuantization(
      BlockFormat format,
      int tableBits,
      boolean standard,
      boolean gptq,
      @Nullable Iterable<Map<String, Tensor>> samples,
      boolean awq,
      Set<String> excluded) {
    this.format = format;
    this.tableBits = tableBits;
    this.standard = standard;
    this.gptq = gptq;
    this.samples = samples;
    this.awq = awq;
    this.excluded = excluded;
  }

  private WeightOnlyQuantization with(BlockFormat changed) {
    return new WeightOnlyQuantization(changed, tableBits, standard, gptq, samples, awq, excluded);
  }

  /**
   * Sets how many bits a weight of a matrix takes. Default: 4.
   *
   * @param number 2, 4 or 8
   * @return a changed copy
   * @throws IllegalArgumentException if it is another number
   */
  public WeightOnlyQuantization bits(int number) {
    if (number != 2 && number != 4 && number != 8) {
      throw new IllegalArgumentException(
          "the bits of a weight must be 2, 4 or 8, but were " + number);
    }
    return with(new BlockFormat(number, format.blockSize(), format.symmetric(), format.fitted()));
  }

  /**
   * Sets how many weights share a scale. Default: 32; larger blocks are smaller and less exact.
   *
   * @param size a power of two, 16 to 256
   * @return a changed copy
   * @throws IllegalArgumentException if it is another number
   */
  public WeightOnlyQuantization blockSize(int size) {
    if (size < 16 || size > LARGEST_BLOCK || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException(
          "the size of a block must be a power of two, 16 to 256, but was " + size);
    }
    return with(new BlockFormat(format.bits(), size, format.symmetric(), format.fitted()));
  }

  /**
   * Sets how many bits an element of a table takes. Default: 8, with a scale per row; 4 is in
   * blocks; 32 leaves tables as they are.
   *
   * @param number 4, 8 or 32
   * @return a changed copy
   * @throws IllegalArgumentException if it is another number
   */
  public WeightOnlyQuantization tableBits(int number) {
    if (number != 4 && number != 8 && number != Float.SIZE) {
      throw new IllegalArgumentException(
          "the bits of a table must be 4, 8 or 32, but were " + number);
    }
    return new WeightOnlyQuantization(format, number, standard, gptq, samples, awq, excluded);
  }

  /**
   * Gives blocks no zero points: 1.5 % smaller, less exact. Default: they have them.
   *
   * @return a changed copy
   */
  public WeightOnlyQuantization symmetric() {
    return with(new BlockFormat(format.bits(), format.blockSize(), true, format.fitted()));
  }

  /**
   * Takes scales and codes exactly as ONNX Runtime's {@code MatMulNBitsQuantizer} (1.30) does, for
   * comparison: the scale spans the range of the block. Default: the scale is searched that leaves
   * the smallest squared error.
   *
   * @return a changed copy
   */
  public WeightOnlyQuantization strict() {
    return with(new BlockFormat(format.bits(), format.blockSize(), format.symmetric(), false));
  }

  /**
   * Uses operators of ONNX alone, {@code DequantizeLinear} with blocks, for which the model is
   * converted to operator set 21. Default: {@code MatMulNBits} and {@code GatherBlockQuantized} of
   * ONNX Runtime, which need no conversion. Of 4 and 8 bits only.
   *
   * @return a changed copy
   */
  public WeightOnlyQuantization standardOperators() {
    return new WeightOnlyQuantization(format, tableBits, true, gptq, samples, awq, excluded);
  }

  /**
   * Rounds weight after weight and lets those that follow make up for the error, by what the inputs
   * of the samples tell (Frantar and others, 2022, "GPTQ"; damping 0.01).
   *
   * @param calibration each a map from the names of all inputs to tensors of full shape; about a
   *     hundred, apart from those that the result is judged by
   * @return a changed copy
   */
  public WeightOnlyQuantization gptq(Iterable<Map<String, Tensor>> calibration) {
    Objects.requireNonNull(calibration, "calibration");
    return new WeightOnlyQuantization(
        format, tableBits, standard, true, calibration, awq, excluded);
  }

  /**
   * Scales input channels before rounding, so that weights of large activations lose less (Lin and
   * others, 2023, "AWQ"); the power of the activations is searched for each input. The inverse
   * scale is multiplied to the activation. Can be combined with {@link #gptq(Iterable)}; the last
   * samples hold.
   *
   * @param calibration as for {@link #gptq(Iterable)}
   * @return a changed copy
   */
  public WeightOnlyQuantization awq(Iterable<Map<String, Tensor>> calibration) {
    Objects.requireNonNull(calibration, "calibration");
    return new WeightOnlyQuantization(
        format, tableBits, standard, gptq, calibration, true, excluded);
  }

  /**
   * Leaves nodes as they are.
   *
   * @param nodes names of nodes; each must be there when the pass runs
   * @return a changed copy
   */
  public WeightOnlyQuantization exclude(String... nodes) {
    Set<String> all = new TreeSet<>(excluded);
    all.addAll(List.of(nodes));
    return new WeightOnlyQuantization(format, tableBits, standard, gptq, samples, awq, all);
  }

  @Override
  public void apply(ModelGraph model, PassContext context) {
    FloatModel.requireNodes(model, excluded);
    if (standard && format.bits() == 2) {
      throw new GraphException(
          "ONNX has no 2-bit types before operator set 25; take 4 or 8 bits, or leave"
              + " standardOperators() out");
    }
    if (standard) {
      OpsetConversion.atLeast(BLOCKS_OPSET).apply(model, context);
    }
    new ConstantLifting().apply(model, context);
    GemmRewriter.rewrite(model.graph());
    WeightOnlyRewriter.rewrite(model, this, context);
    new DeadCode().apply(model, context);
    new DuplicateWeights().apply(model, context);
    new ShortNames().apply(model, context);
  }

  boolean includes(Node node) {
    return !excluded.contains(node.name());
  }

  BlockFormat format() {
    return format;
  }

  /** Of tables with few bits; a table has no products to add up, so that blocks follow rows. */
  BlockFormat tableFormat() {
    return new BlockFormat(tableBits, format.blockSize(), format.symmetric(), format.fitted());
  }

  int tableBits() {
    return tableBits;
  }

  boolean isStandard() {
    return standard;
  }

  boolean isGptq() {
    return gptq;
  }

  boolean isAwq() {
    return awq;
  }

  @Nullable Iterable<Map<String, Tensor>> samples() {
    return samples;
  }

  @Override
  public String toString() {
    return ("WeightOnlyQuantization[bits=%d, blockSize=%d, tableBits=%d, symmetric=%s, strict=%s,"
            + " standardOperators=%s, gptq=%s, awq=%s, exclude=%s]")
        .formatted(
            format.bits(),
            format.blockSize(),
            tableBits,
            format.symmetric(),
            !format.fitted(),
            standard,
            gptq,
            awq,
            excluded);
  }
}

package io.vivace.core.codec;

import io.vivace.core.EngineException;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.Objects;

/**
 * Makes one vector of an encoder's output. Immutable and thread-safe.
 *
 * <p>Defaults: the model's first output, not normalized, attention mask {@code attention_mask}.
 */
public final class EmbeddingOutput implements Postprocessor<float[]> {
  private enum Pooling {
    MEAN_POOLED("meanPooled", 2),
    CLS("cls", 2),
    POOLED("pooled", 1);

    final String factory;
    final int rank;

    Pooling(String factory, int rank) {
      this.factory = factory;
      this.rank = rank;
    }
  }

  private final Pooling pooling;
  private final OutputChoice choice;
  private final String mask;
  private final boolean normalized;

  private EmbeddingOutput(Pooling pooling, OutputChoice choice, String mask, boolean normalized) {
    this.pooling = pooling;
    this.choice = choice;
    this.mask = mask;
    this.normalized = normalized;
  }

  private static EmbeddingOutput of(Pooling pooling) {
    return new EmbeddingOutput(pooling, OutputChoice.FIRST, "attention_mask", false);
  }

  /**
   * Averages the vectors of the tokens that the attention mask marks.
   *
   * <pre>{@code v = sum over tokens t of mask[t] * h[t]  /  sum over tokens t of mask[t]}</pre>
   *
   * <p>Sums are kept in double precision. Source: Reimers and Gurevych, "Sentence-BERT", EMNLP
   * 2019, section 3 (MEAN strategy).
   *
   * @return a codec for an output of shape {@code [batch, tokens, dimensions]}
   */
  public static EmbeddingOutput meanPooled() {
    return of(Pooling.MEAN_POOLED);
  }

  /**
   * Takes the vector of the first token, as BERT's {@code [CLS]}.
   *
   * @return a codec for an output of shape {@code [batch, tokens, dimensions]}
   */
  public static EmbeddingOutput cls() {
    return of(Pooling.CLS);
  }

  /**
   * Takes the vector that the model pooled itself.
   *
   * @return a codec for an output of shape {@code [batch, dimensions]}
   */
  public static EmbeddingOutput pooled() {
    return of(Pooling.POOLED);
  }

  /**
   * Divides the vector by its Euclidean length, so that a dot product is the cosine. A vector of
   * zeros stays as it is.
   *
   * <p>Default: the vector keeps its length.
   *
   * @return a changed copy
   */
  public EmbeddingOutput normalized() {
    return new EmbeddingOutput(pooling, choice, mask, true);
  }

  /**
   * Names the model's input that marks the tokens to average, 1 for a token and 0 for padding.
   *
   * <p>Default: {@code attention_mask}. Used by {@link #meanPooled()} only.
   *
   * @param input the input's name
   * @return a changed copy
   */
  public EmbeddingOutput mask(String input) {
    return new EmbeddingOutput(pooling, choice, Objects.requireNonNull(input, "input"), normalized);
  }

  /**
   * Returns this codec for the output of a name.
   *
   * @param output the output's name
   * @return a changed copy
   */
  public EmbeddingOutput named(String output) {
    return new EmbeddingOutput(pooling, OutputChoice.named(output), mask, normalized);
  }

  /**
   * {@inheritDoc}
   *
   * @throws EngineException if the output has another rank, the mask has another length or marks no
   *     token, or a vector to be normalized is not finite
   */
  @Override
  public float[] decode(ModelRow row) {
    RowReader out = choice.of(row);
    if (out.shape().rank() != pooling.rank) {
      throw new EngineException(unfit("found a row of shape " + out.shape()));
    }
    float[] vector =
        switch (pooling) {
          case POOLED -> out.toFloats();
          case CLS -> first(out);
          case MEAN_POOLED -> mean(out, row.input(mask));
        };
    return normalized ? normalize(vector) : vector;
  }

  private float[] first(RowReader out) {
    if (out.shape().dimension(0) == 0) {
      throw new EngineException(unfit("found no token"));
    }
    float[] vector = new float[(int) out.shape().dimension(1)];
    out.copyTo(0, vector);
    return vector;
  }

  private float[] mean(RowReader out, RowReader marks) {
    int tokens = (int) out.shape().dimension(0);
    if (marks.size() != tokens) {
      throw new EngineException(
          unfit("found " + tokens + " tokens, and a mask \"" + mask + "\" of " + marks.size()));
    }
    float[] token = new float[(int) out.shape().dimension(1)];
    double[] sum = new double[token.length];
    double weight = 0;
    for (int t = 0; t < tokens; t++) {
      double mark = marks.getDouble(t);
      if (mark != 0) {
        out.copyTo(t * token.length, token);
        add(sum, token, mark);
        weight += mark;
      }
    }
    if (weight == 0) {
      throw new EngineException(unfit("the mask \"" + mask + "\" marks no token"));
    }
    for (int i = 0; i < token.length; i++) {
      token[i] = (float) (sum[i] / weight);
    }
    return token;
  }

  private static void add(double[] sum, float[] token, double mark) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += mark * token[i];
    }
  }

  private float[] normalize(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    if (!Double.isFinite(squares)) {
      throw new EngineException(unfit("found a vector that is not finite, it has no direction"));
    }
    double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * scale);
    }
    return vector;
  }

  @Override
  public void check(Signature signature) {
    TensorSpec spec = choice.in(signature);
    if (spec == null) {
      return;
    }
    choice.requireNumeric(spec, false);
    if (spec.shape().rank() != pooling.rank + 1) {
      throw new IllegalArgumentException(unfit("the model gives " + spec));
    }
    if (pooling == Pooling.MEAN_POOLED && signature.input(mask).isEmpty()) {
      throw new IllegalArgumentException(
          "meanPooled needs the attention mask, but the model has no input \""
              + mask
              + "\"; it has "
              + signature.inputs()
              + ". Name the mask with mask(input).");
    }
  }

  private String unfit(String found) {
    return String.format(
        "output %s must have shape %s for %s, but %s",
        choice,
        pooling == Pooling.POOLED ? "[batch, dimensions]" : "[batch, tokens, dimensions]",
        pooling.factory,
        found);
  }

  @Override
  public String toString() {
    return String.format(
        "EmbeddingOutput.%s[output=%s, mask=\"%s\", normalized=%s]",
        pooling.factory, choice, mask, normalized);
  }
}

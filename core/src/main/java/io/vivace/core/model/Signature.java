package io.vivace.core.model;

import java.util.List;
import java.util.Optional;

/**
 * The inputs and outputs of a model, in the model's order.
 *
 * <p>An ONNX file states its signature. A TorchScript file states none: its {@code LoadedModel}
 * gives {@link #UNDECLARED}, and a predictor fills it from its codecs and one warm-up run.
 *
 * @param inputs the inputs, with the batch axis where the model has one
 * @param outputs the outputs, with the batch axis where the model has one
 */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
  /** The signature of a model that states none. */
  public static final Signature UNDECLARED = new Signature(List.of(), List.of());

  /**
   * Copies both lists.
   *
   * @param inputs the inputs, with the batch axis where the model has one
   * @param outputs the outputs, with the batch axis where the model has one
   */
  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * Tells whether the model states its inputs.
   *
   * @return false if there is no input
   */
  public boolean isDeclared() {
    return !inputs.isEmpty();
  }

  /**
   * Finds an input by name.
   *
   * @param name the name, case-sensitive
   * @return the input, if there is one of that name
   */
  public Optional<TensorSpec> input(String name) {
    return inputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  /**
   * Finds an output by name.
   *
   * @param name the name, case-sensitive
   * @return the output, if there is one of that name
   */
  public Optional<TensorSpec> output(String name) {
    return outputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  /**
   * Returns inputs and outputs in one line; {@code (signature unknown)} for {@link #UNDECLARED}.
   *
   * @return for example {@code ("input" float32 [?, 64]) -> ("logits" float32 [?, 10])}
   */
  @Override
  public String toString() {
    return equals(UNDECLARED) ? "(signature unknown)" : line(inputs) + " -> " + line(outputs);
  }

  private static String line(List<TensorSpec> specs) {
    return specs.stream()
        .map(TensorSpec::toString)
        .collect(java.util.stream.Collectors.joining(", ", "(", ")"));
  }
}

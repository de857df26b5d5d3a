package io.vivace.core.serve;

import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.ModelRow;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.RowWriter;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says which tensors of a recurrent model are carried from call to call, beside the codecs of its
 * items and answers. Immutable and thread-safe.
 *
 * <p>A state is an output that the next call takes as an input. It starts with zeros. Its shape is
 * that of one row: without the batch axis where that is the model's first; with all axes where it
 * is not, or the model has none. In the first case, calls of many sessions run in one batch.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 * @see StatefulPredictor
 */
public final class StatefulCodec<I, O> {
  private final Preprocessor<I> items;
  private final Postprocessor<O> answers;
  private final List<StateTensor> states;

  private StatefulCodec(Preprocessor<I> items, Postprocessor<O> answers, List<StateTensor> states) {
    Set<String> names = new HashSet<>();
    Stream.concat(
            states.stream().map(StateTensor::input),
            items.tensors().stream().filter(spec -> !spec.name().isEmpty()))
        .forEach(
            spec -> {
              if (!names.add(spec.name())) {
                throw new IllegalArgumentException(
                    "every input is written once, but \"" + spec.name() + "\" is named twice");
              }
            });
    this.items = items;
    this.answers = answers;
    this.states = List.copyOf(states);
  }

  /**
   * Starts with the codecs of what is not state.
   *
   * @param items how an item becomes a row of the other inputs
   * @param answers how a row of the outputs becomes an answer
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a codec with no state yet
   */
  public static <I, O> StatefulCodec<I, O> of(Preprocessor<I> items, Postprocessor<O> answers) {
    return new StatefulCodec<>(items, answers, List.of());
  }

  /**
   * Returns this codec with one more state, of {@link ElementType#FLOAT32}.
   *
   * @param input the input that takes it
   * @param output the output that gives it
   * @param shape its shape, without open sizes
   * @return a changed copy
   * @throws IllegalArgumentException if a name is blank or the input named already, or the shape
   *     has open sizes
   */
  public StatefulCodec<I, O> state(String input, String output, long... shape) {
    return state(input, output, ElementType.FLOAT32, Shape.of(shape));
  }

  /**
   * Returns this codec with one more state.
   *
   * @param input the input that takes it
   * @param output the output that gives it
   * @param type float32, float64, int32 or int64
   * @param shape its shape, without open sizes
   * @return a changed copy
   * @throws IllegalArgumentException if a name is blank or the input named already, the type is
   *     another one or the shape has open sizes
   */
  public StatefulCodec<I, O> state(String input, String output, ElementType type, Shape shape) {
    StateTensor state = new StateTensor(new TensorSpec(input, type, shape), output);
    return new StatefulCodec<>(
        items, answers, Stream.concat(states.stream(), Stream.of(state)).toList());
  }

  /**
   * Returns what to give {@link io.vivace.core.PredictorBuilder.InputStage#input}.
   *
   * @return a codec that writes item and state
   */
  public Preprocessor<StatefulItem<I>> input() {
    return new Input();
  }

  /**
   * Returns what to give {@link io.vivace.core.PredictorBuilder.OutputStage#output}.
   *
   * @return a codec that reads answer and state
   */
  public Postprocessor<StatefulAnswer<O>> output() {
    return new Output();
  }

  List<StateTensor> states() {
    return states;
  }

  @Override
  public String toString() {
    return "StatefulCodec[" + items + ", " + answers + ", " + states + "]";
  }

  private final class Input implements Preprocessor<StatefulItem<I>> {
    private final List<TensorSpec> tensors =
        Stream.concat(items.tensors().stream(), states.stream().map(StateTensor::input)).toList();
    private final int firstState = items.tensors().size();

    @Override
    public List<TensorSpec> tensors() {
      return tensors;
    }

    @Override
    public EncodedRow encode(StatefulItem<I> step) {
      EncodedRow row = items.encode(step.item());
      for (int i = 0; i < states.size(); i++) {
        states.get(i).check(step.state().get(i));
      }
      return new EncodedRow() {
        @Override
        public void write(int tensor, RowWriter out) {
          if (tensor < firstState) {
            row.write(tensor, out);
          } else {
            int state = tensor - firstState;
            states.get(state).write(step.state().get(state), out);
          }
        }

        @Override
        public Shape shape(int tensor, TensorSpec spec) {
          return tensor < firstState ? row.shape(tensor, spec) : spec.shape();
        }
      };
    }

    @Override
    public boolean isOptional(TensorSpec tensor) {
      return tensors.indexOf(tensor) < firstState && items.isOptional(tensor);
    }

    @Override
    public boolean accepts(TensorSpec tensor, ElementType modelType) {
      return tensors.indexOf(tensor) < firstState
          ? items.accepts(tensor, modelType)
          : tensor.type() == modelType;
    }

    @Override
    public String toString() {
      return StatefulCodec.this + ".input";
    }
  }

  private final class Output implements Postprocessor<StatefulAnswer<O>> {
    @Override
    public StatefulAnswer<O> decode(ModelRow row) {
      O answer = answers.decode(row);
      List<Tensor> next = new ArrayList<>(states.size());
      for (StateTensor state : states) {
        next.add(state.read(row.output(state.output())));
      }
      return new StatefulAnswer<>(answer, next);
    }

    @Override
    public void check(Signature signature) {
      answers.check(signature);
      for (StateTensor state : states) {
        if (!signature.outputs().isEmpty() && signature.output(state.output()).isEmpty()) {
          throw new IllegalArgumentException(
              String.format(
                  "no output \"%s\" to carry on as \"%s\"; there are %s",
                  state.output(), state.input().name(), signature.outputs()));
        }
      }
    }

    @Override
    public String toString() {
      return StatefulCodec.this + ".output";
    }
  }
}

package io.vivace.optimize.train.graph;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.train.graph.GraphProgram.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One pass through a program. */
final class GraphRun {
  private final GraphProgram program;
  private final RunContext context;
  private final @Nullable Operand[] values;

  GraphRun(GraphProgram program, RunContext context) {
    this.program = program;
    this.context = context;
    this.values = new Operand[program.size()];
  }

  void put(String name, Operand value) {
    put(program.numberOf(name), value);
  }

  private void put(int number, Operand value) {
    values[number] = value;
    int uses = program.uses(number);
    if (uses > 0) {
      value.use(uses);
    }
  }

  void run() {
    for (Step step : program.steps()) {
      List<Operand> results = results(step);
      for (int i = 0; i < results.size() && i < step.outputs().length; i++) {
        put(step.outputs()[i], results.get(i));
      }
      for (int input : step.inputs()) {
        if (input >= 0) {
          release(input);
        }
      }
    }
  }

  private void release(int number) {
    Operand value = values[number];
    if (value != null) {
      value.release();
    }
  }

  private List<Operand> results(Step step) {
    List<Optional<Operand>> inputs = new ArrayList<>(step.inputs().length);
    for (int input : step.inputs()) {
      inputs.add(input < 0 ? Optional.empty() : Optional.ofNullable(values[input]));
    }
    try {
      return step.operation().run(new Call(step.node(), inputs, context));
    } catch (EngineException | UnsupportedOperationException | IllegalArgumentException e) {
      throw new GraphException("node " + step.node() + " cannot run: " + e.getMessage(), e);
    }
  }

  NDArray result(String name) {
    Operand value = values[program.numberOf(name)];
    if (value == null) {
      throw new GraphException("value \"" + name + "\" was not computed");
    }
    NDArray array = value.array(context.manager());
    // A weight or an input that is an output lives on by itself.
    return value.isKept() ? array.reshape(array.getShape()) : array;
  }
}

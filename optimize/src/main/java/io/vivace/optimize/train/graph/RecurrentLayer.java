package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** One run of a recurrent node: its directions, steps and rows of different length. */
final class RecurrentLayer {
  /** The state of a layer, and how a step changes it. */
  interface Cell {
    /** The inputs of all steps, {@code [steps, rows, inputs]}, times the weights. */
    NDArray project(NDArray inputs);

    /** The next state, of which the first array is what the step gives out. */
    NDList step(NDArray projected, NDList state);
  }

  /** Makes a cell of a direction's weights: {@code W}, {@code R} and the bias. */
  interface Maker {
    Cell make(Call call, NDArray weights, NDArray recurrence, NDArray bias);
  }

  private final Call call;
  private final Maker maker;
  private final int gates;
  private final boolean batchFirst;
  private final NDArray inputs;
  private final long rows;
  private final long hidden;

  RecurrentLayer(Call call, Maker maker, int gates) {
    this.call = call;
    this.maker = maker;
    this.gates = gates;
    this.batchFirst = call.integer("layout", 0) != 0;
    this.inputs = batchFirst ? call.in(0).swapAxes(0, 1) : call.in(0);
    this.rows = inputs.getShape().get(1);
    this.hidden = call.integer("hidden_size", call.in(2).getShape().get(2));
  }

  List<Operand> run() {
    String direction = call.text("direction", "forward");
    NDList all = new NDList();
    List<NDList> last = new ArrayList<>();
    long directions = call.in(1).getShape().get(0);
    for (int i = 0; i < directions; i++) {
      boolean backwards = direction.equals("reverse") || i == 1;
      List<NDArray> steps = new ArrayList<>();
      last.add(run(i, backwards, steps));
      all.add(NDArrays.stack(new NDList(steps), 0));
    }
    List<Operand> results = new ArrayList<>();
    NDArray outputs = NDArrays.stack(all, 1);
    results.add(Operand.of(batchFirst ? outputs.transpose(2, 0, 1, 3) : outputs));
    for (int part = 0; part < last.get(0).size(); part++) {
      int index = part;
      NDList states = new NDList(last.stream().map(state -> state.get(index)).toList());
      results.add(Operand.of(NDArrays.stack(states, batchFirst ? 1 : 0)));
    }
    return results;
  }

  private NDList run(int direction, boolean backwards, List<NDArray> results) {
    Cell cell = maker.make(call, part(1, direction), part(2, direction), bias(direction));
    NDArray projected = cell.project(inputs);
    NDList state = new NDList();
    for (int input = 5; input < (gates == 4 ? 7 : 6); input++) {
      state.add(call.has(input) ? initial(input, direction) : call.zeros(new Shape(rows, hidden)));
    }
    int steps = (int) inputs.getShape().get(0);
    NDArray[] outputs = new NDArray[steps];
    for (int i = 0; i < steps; i++) {
      int at = backwards ? steps - 1 - i : i;
      NDList next = cell.step(projected.get(at), state);
      outputs[at] = next.get(0);
      if (call.has(4)) {
        NDArray active = active(at);
        outputs[at] = next.get(0).mul(active);
        next = kept(next, state, active);
      }
      state = next;
    }
    results.addAll(List.of(outputs));
    return state;
  }

  /** 1 for rows that are as long as that, else 0. */
  private NDArray active(int step) {
    NDArray lengths = call.in(4).toType(DataType.INT64, false);
    return lengths.gt(step).toType(call.real(), true).reshape(-1, 1);
  }

  /** Rows that are at their end keep their state. */
  private NDList kept(NDList next, NDList state, NDArray active) {
    NDArray ended = active.neg().add(call.scalar(1));
    NDList result = new NDList();
    for (int i = 0; i < next.size(); i++) {
      result.add(next.get(i).mul(active).add(state.get(i).mul(ended)));
    }
    return result;
  }

  private NDArray part(int input, int direction) {
    return call.in(input).get(direction);
  }

  private NDArray initial(int input, int direction) {
    NDArray state = batchFirst ? call.in(input).swapAxes(0, 1) : call.in(input);
    return state.get(direction);
  }

  private NDArray bias(int direction) {
    return call.has(3) ? part(3, direction) : call.zeros(new Shape(2L * gates * hidden));
  }
}

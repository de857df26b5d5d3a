package io.vivace.optimize.train.graph;

import java.util.List;

/** What an operator computes. */
@FunctionalInterface
interface Operation {
  /** Returns one value per output; trailing ones that nobody can ask for may be missing. */
  List<Operand> run(Call call);
}

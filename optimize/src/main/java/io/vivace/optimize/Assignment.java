package io.vivace.optimize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which setting each layer has in each step: 0 is the strongest. Layers that are not named have the
 * strongest.
 */
record Assignment(List<Map<String, Integer>> steps) {
  Assignment {
    steps =
        steps.stream().map(levels -> Collections.unmodifiableMap(new TreeMap<>(levels))).toList();
  }

  /** Everything at its strongest. */
  static Assignment strongest(int steps) {
    return new Assignment(Collections.nCopies(steps, Map.of()));
  }

  Map<String, Integer> levels(int step) {
    return steps.get(step);
  }

  int level(Unit unit) {
    return steps.get(unit.step()).getOrDefault(unit.layer(), 0);
  }

  Assignment with(Unit unit, int level) {
    List<Map<String, Integer>> changed = new ArrayList<>(steps);
    Map<String, Integer> levels = new TreeMap<>(changed.get(unit.step()));
    if (level == 0) {
      levels.remove(unit.layer());
    } else {
      levels.put(unit.layer(), level);
    }
    changed.set(unit.step(), levels);
    return new Assignment(changed);
  }

  /** A layer in a step. */
  record Unit(int step, String layer) {}
}

package io.vivace.evaluate.search;

import io.vivace.evaluate.search.Parameter.Condition;
import io.vivace.evaluate.search.Parameter.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what is wrong with the parameters of a space. */
final class SpaceFaults {
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Parameter> known = new LinkedHashMap<>();

  static void check(List<Parameter> parameters) {
    SpaceFaults all = new SpaceFaults();
    if (parameters.isEmpty()) {
      all.faults.add("a space needs at least one parameter, but there was none");
    }
    parameters.forEach(all::add);
    if (!all.faults.isEmpty()) {
      throw new IllegalArgumentException(
          "the search space has faults:\n  " + String.join("\n  ", all.faults));
    }
  }

  private void add(Parameter p) {
    int before = faults.size();
    if (p.name().isBlank()) {
      fault(p, "the name must not be blank");
    }
    if (known.containsKey(p.name())) {
      fault(p, "the name is there twice; rename one");
    }
    range(p);
    p.conditions().forEach(condition -> condition(p, condition));
    if (faults.size() == before) {
      known.put(p.name(), p);
    } else {
      known.putIfAbsent(p.name(), p);
    }
  }

  private void range(Parameter p) {
    boolean categorical = p.kind() == Kind.CHOICE || p.kind() == Kind.FLAG;
    if (categorical) {
      categorical(p);
      return;
    }
    if (!Double.isFinite(p.low()) || !Double.isFinite(p.high())) {
      fault(p, "low and high must be finite");
    } else if (p.low() > p.high()) {
      fault(p, "low must not be above high; swap them");
    } else if (!Double.isFinite(p.high() - p.low())) {
      fault(p, "the range is wider than a double can tell");
    }
    if (p.isLog() && p.low() <= 0) {
      fault(p, "a log scale needs low above 0");
    }
    step(p);
  }

  private void step(Parameter p) {
    boolean whole = p.kind() == Kind.INTEGER;
    if (p.step() == (whole ? 1 : 0)) {
      return;
    }
    if (!(p.step() > 0) || !Double.isFinite(p.step())) {
      fault(p, "the step must be above 0 and finite");
    } else if (whole && p.step() != Math.rint(p.step())) {
      fault(p, "the step of a whole number must be whole");
    } else if ((p.high() - p.low()) / p.step() > 1e9) {
      fault(p, "the step is too small for the range: at most 1e9 values");
    }
    if (p.isLog()) {
      fault(p, "a log scale and a step exclude each other");
    }
  }

  private void categorical(Parameter p) {
    if (p.isLog() || p.step() != 1) {
      fault(p, "only numbers have a log scale or a step");
    }
    if (p.options().isEmpty()) {
      fault(p, "a choice needs at least one option");
    } else if (new HashSet<>(p.options()).size() < p.options().size()) {
      fault(p, "the options must differ");
    }
  }

  private void condition(Parameter p, Condition condition) {
    Parameter parent = known.get(condition.parent());
    if (parent == null) {
      fault(
          p,
          "its parent \""
              + condition.parent()
              + "\" must stand before it; before it stand "
              + known.keySet());
    } else if (parent.kind() == Kind.REAL) {
      fault(p, "its parent \"" + parent.name() + "\" must be a choice, a flag or a whole number");
    } else if (condition.values().isEmpty()) {
      fault(p, "its condition on \"" + parent.name() + "\" names no value");
    } else if (parent.low() <= parent.high()) {
      Axis axis = new Axis(parent);
      condition.values().stream()
          .filter(value -> Double.isNaN(axis.code(value)))
          .forEach(value -> fault(p, "its parent is never " + value + "; it is " + parent));
    }
  }

  private void fault(Parameter p, String text) {
    faults.add(text + " (" + p + ")");
  }
}

package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpaceTest {
  enum Optimizer {
    SGD,
    ADAM
  }

  static final Space MIXED =
      Space.of(
          Parameter.real("rate", 1e-5, 1e-1).log(),
          Parameter.integer("layers", 1, 4),
          Parameter.integer("width", 8, 512).log(),
          Parameter.integer("odd", 1, 10).step(3),
          Parameter.real("dropout", 0, 0.5).step(0.1),
          Parameter.choice("optimizer", Optimizer.class),
          Parameter.flag("nesterov").when("optimizer", Optimizer.SGD),
          Parameter.real("momentum", 0, 1).when("nesterov", true),
          Parameter.real("deep", 0, 1).when("layers", 3, 4));

  @Test
  void of_namesAllFaultsAtOnce() {
    assertThatThrownBy(
            () ->
                Space.of(
                    Parameter.real("a", 2, 1),
                    Parameter.choice("b"),
                    Parameter.real("c", 0, 1).log(),
                    Parameter.real("c", 0, 1),
                    Parameter.real("d", 0, Double.NaN),
                    Parameter.real("e", 0, 1).step(-1),
                    Parameter.integer("f", 1, 5).step(0.5),
                    Parameter.real("g", 1, 2).log().step(0.1),
                    Parameter.choice("h", "x", "x"),
                    Parameter.flag("i").log(),
                    Parameter.real(" ", 0, 1),
                    Parameter.flag("j").when("later", true),
                    Parameter.flag("k").when("d", 1.0),
                    Parameter.choice("m", "x", "y"),
                    Parameter.flag("n").when("m", "z"),
                    Parameter.flag("o").when("m")))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains("low must not be above high; swap them (a: real 2.0..1.0)")
        .contains("a choice needs at least one option (b: choice [])")
        .contains("a log scale needs low above 0 (c:")
        .contains("the name is there twice; rename one (c:")
        .contains("low and high must be finite (d:")
        .contains("the step must be above 0 and finite (e:")
        .contains("the step of a whole number must be whole (f:")
        .contains("a log scale and a step exclude each other (g:")
        .contains("the options must differ (h:")
        .contains("only numbers have a log scale or a step (i:")
        .contains("the name must not be blank")
        .contains("its parent \"later\" must stand before it")
        .contains("its parent \"d\" must be a choice, a flag or a whole number")
        .contains("its parent is never z")
        .contains("its condition on \"m\" names no value");
    assertThatThrownBy(() -> Space.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one parameter");
  }

  private static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rate", 0.01);
    values.put("layers", 2);
    values.put("width", 64);
    values.put("odd", 7);
    values.put("dropout", 0.30000000000000004);
    values.put("optimizer", Optimizer.SGD);
    values.put("nesterov", true);
    values.put("momentum", 0.9);
    return values;
  }

  @Test
  void params_areReadByTheirTypes() {
    Params params = MIXED.params(values());
    assertThat(params.real("rate")).isEqualTo(0.01);
    assertThat(params.integer("layers")).isEqualTo(2);
    assertThat(params.choice("optimizer")).isEqualTo("SGD");
    assertThat(params.choice("optimizer", Optimizer.class)).isEqualTo(Optimizer.SGD);
    assertThat(params.flag("nesterov")).isTrue();
    assertThat(params.isActive("momentum")).isTrue();
    assertThat(params.isActive("deep")).isFalse();
    assertThat(params.asMap()).doesNotContainKey("deep").containsEntry("odd", 7);
    assertThat(params).isEqualTo(MIXED.params(values())).hasSameHashCodeAs(MIXED.params(values()));
  }

  @Test
  void params_ofAnotherKindOrNotThere_sayWhatToDo() {
    Params params = MIXED.params(values());
    assertThatThrownBy(() -> params.real("layers"))
        .hasMessageContaining("\"layers\" was read as REAL, but it is layers: integer 1..4");
    assertThatThrownBy(() -> params.flag("nothing"))
        .hasMessageContaining("there are [rate, layers");
    assertThatThrownBy(() -> params.real("deep")).hasMessageContaining("ask isActive first");
  }

  @Test
  void params_outsideTheSpace_areRefused() {
    Map<String, Object> wrong = values();
    wrong.put("odd", 6);
    assertThatThrownBy(() -> MIXED.params(wrong)).hasMessageContaining("value of \"odd\" is 6");
    Map<String, Object> missing = values();
    missing.remove("momentum");
    assertThatThrownBy(() -> MIXED.params(missing)).hasMessageContaining("\"momentum\" is null");
    Map<String, Object> inactive = values();
    inactive.put("deep", 0.5);
    assertThatThrownBy(() -> MIXED.params(inactive)).hasMessageContaining("[deep]");
  }

  @Test
  void step_thatDoesNotDivideTheRange_endsBelow() {
    Axis axis = new Axis(Parameter.real("x", 0, 1).step(0.3));
    assertThat(axis.high()).isEqualTo(0.8999999999999999);
    assertThat(axis.count()).isEqualTo(4);
    assertThat(axis.fromUnit(1)).isEqualTo(axis.high());
  }

  @Test
  void axis_overAllInts_doesNotOverflow() {
    Axis axis = new Axis(Parameter.integer("x", Integer.MIN_VALUE, Integer.MAX_VALUE));
    assertThat(axis.fromUnit(0)).isEqualTo(Integer.MIN_VALUE);
    assertThat(axis.fromUnit(0.9999999999999999)).isEqualTo(Integer.MAX_VALUE);
    assertThat(axis.value(axis.fromUnit(0.5))).isEqualTo(0);
  }

  @Test
  void units_comeBack() {
    for (int i = 0; i < MIXED.size(); i++) {
      Axis axis = MIXED.axis(i);
      for (double unit = 0; unit < 1; unit += 0.01) {
        double code = axis.fromUnit(unit);
        assertThat(axis.accepts(code)).as("%s at %s", axis.parameter(), unit).isTrue();
        assertThat(axis.code(axis.value(code))).isEqualTo(code);
        double back = axis.fromUnit(axis.toUnit(code));
        if (axis.count() > 0) {
          assertThat(back).isEqualTo(code);
        } else {
          assertThat(back).isCloseTo(code, org.assertj.core.data.Percentage.withPercentage(1e-9));
        }
      }
    }
  }

  @Test
  void singleValue_isAllowed() {
    Space space =
        Space.of(
            Parameter.real("a", 3, 3),
            Parameter.integer("b", 2, 2),
            Parameter.choice("c", "x"),
            Parameter.real("d", 2, 2).log());
    for (StudyOptions options :
        List.of(Study.tpe(), Study.random(), Study.sobol(), Study.gaussianProcess())) {
      Study study = options.trials(15).minimize(space, params -> params.real("a"));
      assertThat(study.bestScore()).isEqualTo(3);
      assertThat(study.trials()).allMatch(trial -> trial.state() == TrialState.COMPLETE);
    }
  }
}

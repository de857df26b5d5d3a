package io.vivace.engines.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine answers. An engine module has a test class that extends this one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract implements EngineSubject {
  /** For subclasses. */
  protected EngineContract() {}

  LoadedModel open(String model) {
    return provider().open(ContractModels.artifact(model, format()), provider().defaultOptions());
  }

  Stream<String> models() {
    return Stream.concat(
        Stream.of(
            ContractModels.DIGITS,
            ContractModels.CONV_20,
            ContractModels.CONV_24,
            ContractModels.DYNAMIC,
            ContractModels.SEVERAL,
            ContractModels.NO_BATCH,
            ContractModels.SCALAR,
            ContractModels.NON_ZERO),
        elementTypes().stream().map(ContractModels::identity));
  }

  @ParameterizedTest
  @MethodSource("models")
  void run_eachModel_answersAsReference(String name) {
    try (LoadedModel model = open(name)) {
      for (Golden golden : Golden.of(name)) {
        try (ExecutionContext context = model.newContext()) {
          golden.assertAnsweredBy(golden.run(context));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void run_oneContextForShapesThatComeAndGo_answersAsReference(String name) {
    List<Golden> goldens = Golden.of(name);
    try (LoadedModel model = open(name);
        ExecutionContext context = model.newContext()) {
      for (int round = 0; round < 4; round++) {
        for (Golden golden : goldens) {
          golden.assertAnsweredBy(golden.run(context));
          golden.assertAnsweredBy(golden.run(context));
        }
      }
    }
  }

  @Test
  void run_withoutPreparingAgain_readsWhatTheInputsHoldNow() {
    Golden golden = Golden.of(ContractModels.NO_BATCH).get(0);
    try (LoadedModel model = open(ContractModels.NO_BATCH);
        ExecutionContext context = model.newContext()) {
      Tensor input = context.prepare(golden.inputSpecs()).get(0);
      for (int run = 1; run <= 5; run++) {
        for (int i = 0; i < input.size(); i++) {
          input.data().putFloat(i * Float.BYTES, run);
        }
        assertThat(context.run().get(0).toFloats()).containsOnly(3f * run);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 16, 31, 64, 100})
  void run_batch_answersEachRowAsAlone(int rows) {
    Golden one = Golden.of(ContractModels.DIGITS).get(0);
    TensorSpec spec = one.inputSpecs().get(0);
    try (LoadedModel model = open(ContractModels.DIGITS);
        ExecutionContext context = model.newContext()) {
      TensorSpec batch = TensorSpec.of(spec.name(), spec.type(), rows, 64);
      Tensor input = context.prepare(List.of(batch)).get(0);
      var data = input.data();
      for (int row = 0; row < rows; row++) {
        data.put(one.inputs().get(0).tensor().data());
      }
      Tensor output = context.run().get(0);
      assertThat(output.shape()).isEqualTo(Shape.of(rows, 10));
      for (int row = 0; row < rows; row++) {
        Tensor answer =
            Tensor.wrap(
                output.type(),
                Shape.of(1, 10),
                output.data().slice(row * 10 * Float.BYTES, 10 * Float.BYTES));
        one.assertAnsweredBy(List.of(answer));
      }
    }
  }

  @Test
  void run_noRow_answersNoRow() {
    TensorSpec none =
        TensorSpec.of("x", Golden.of("dynamic").get(0).inputSpecs().get(0).type(), 0, 5, 4);
    try (LoadedModel model = open(ContractModels.DYNAMIC);
        ExecutionContext context = model.newContext()) {
      context.prepare(List.of(none));
      List<Tensor> outputs = context.run();
      assertThat(outputs.get(0).shape()).isEqualTo(Shape.of(0, 5, 3));
      assertThat(outputs.get(1).shape()).isEqualTo(Shape.of(0, 3));
    }
  }

  @Test
  void prepare_sameShapesAgain_keepsWhatWasWritten() {
    Golden golden = Golden.of(ContractModels.SEVERAL).get(1);
    try (LoadedModel model = open(ContractModels.SEVERAL);
        ExecutionContext context = model.newContext()) {
      golden.run(context);
      context.prepare(golden.inputSpecs());
      golden.assertAnsweredBy(context.run());
    }
  }

  @Test
  void run_sameListAsBefore_hasSameTensors() {
    Golden golden = Golden.of(ContractModels.DIGITS).get(0);
    try (LoadedModel model = open(ContractModels.DIGITS);
        ExecutionContext context = model.newContext()) {
      List<Tensor> first = golden.run(context);
      List<Tensor> before = new ArrayList<>(first);
      List<Tensor> second = golden.run(context);
      if (second == first) {
        assertThat(second.get(0)).isSameAs(before.get(0));
      }
      golden.assertAnsweredBy(second);
    }
  }

  @Test
  void signature_eachModel_isWhatTheFileStates() {
    try (LoadedModel model = open(ContractModels.SEVERAL)) {
      if (format() == ModelFormat.ONNX) {
        assertThat(model.signature())
            .hasToString(
                "(\"price\" float32 [?, 2], \"count\" int64 [?, 2]) -> (\"total\" float32 [?, 2],"
                    + " \"next\" int64 [?, 2], \"more\" bool [?, 2])");
      } else {
        assertThat(model.signature()).isEqualTo(Signature.UNDECLARED);
      }
      assertThat(model.device()).isEqualTo("cpu");
    }
  }

  @Test
  void run_contextsOfOneModelInterleaved_doNotShareMemory() {
    List<Golden> goldens = Golden.of(ContractModels.DYNAMIC);
    try (LoadedModel model = open(ContractModels.DYNAMIC)) {
      List<ExecutionContext> contexts =
          IntStream.range(0, goldens.size()).mapToObj(i -> model.newContext()).toList();
      List<List<Tensor>> answers = new ArrayList<>();
      for (int i = 0; i < contexts.size(); i++) {
        answers.add(goldens.get(i).run(contexts.get(i)));
      }
      for (int i = 0; i < contexts.size(); i++) {
        goldens.get(i).assertAnsweredBy(answers.get(i));
        contexts.get(i).close();
      }
    }
  }
}

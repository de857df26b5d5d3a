package io.vivace.engines.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.tensor.Float16;
import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * Inputs of a model and the answers that belong to them, computed outside this project.
 *
 * @param model the name of the model
 * @param inputs the inputs, in order
 * @param outputs the answers, in order
 */
public record Golden(String model, List<Value> inputs, List<Value> outputs) {
  /** Engines sum in another order than the reference, in single precision. */
  private static final double TOLERANCE = 1e-4;

  private static final JsonObject ALL = read();

  /**
   * One input or output with its elements.
   *
   * @param spec name, type and shape
   * @param tensor the elements
   */
  public record Value(TensorSpec spec, Tensor tensor) {}

  /**
   * Returns the known answers of a model.
   *
   * @param model a name from {@link ContractModels}
   * @return at least one
   */
  public static List<Golden> of(String model) {
    List<Golden> goldens = new ArrayList<>();
    for (JsonElement each : ALL.getAsJsonArray(model)) {
      JsonObject golden = each.getAsJsonObject();
      goldens.add(
          new Golden(
              model,
              values(golden.getAsJsonArray("inputs")),
              values(golden.getAsJsonArray("outputs"))));
    }
    return goldens;
  }

  /**
   * Returns what an engine needs to prepare for these inputs.
   *
   * @return name, type and shape of each input
   */
  public List<TensorSpec> inputSpecs() {
    return inputs.stream().map(Value::spec).toList();
  }

  /**
   * Runs the inputs.
   *
   * @param context a context of the model
   * @return what the engine answered
   */
  public List<Tensor> run(ExecutionContext context) {
    List<Tensor> prepared = context.prepare(inputSpecs());
    for (int i = 0; i < inputs.size(); i++) {
      copy(inputs.get(i).tensor(), prepared.get(i));
    }
    return context.run();
  }

  /**
   * Checks answers: type and shape, whole numbers, truth values and text exactly, other numbers to
   * one part in 10,000.
   *
   * @param found what an engine answered
   */
  public void assertAnsweredBy(List<Tensor> found) {
    assertThat(found).as("outputs of %s", model).hasSize(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      Tensor wanted = outputs.get(i).tensor();
      Tensor is = found.get(i);
      String name = model + " " + outputs.get(i).spec();
      assertThat(is.type()).as(name).isEqualTo(wanted.type());
      assertThat(is.shape()).as(name).isEqualTo(wanted.shape());
      assertEqual(name, wanted, is);
    }
  }

  private static void assertEqual(String name, Tensor wanted, Tensor found) {
    switch (wanted.type()) {
      case STRING -> assertThat(found.strings()).as(name).isEqualTo(wanted.strings());
      case FLOAT32 -> {
        float[] is = found.toFloats();
        float[] must = wanted.toFloats();
        for (int i = 0; i < must.length; i++) {
          double error = TOLERANCE * (1 + Math.abs((double) must[i]));
          assertThat((double) is[i]).as("%s at %d", name, i).isCloseTo(must[i], within(error));
        }
      }
      default -> assertThat(found.data()).as(name).isEqualTo(wanted.data());
    }
  }

  static void copy(Tensor from, Tensor to) {
    if (from.type() == ElementType.STRING) {
      System.arraycopy(from.strings(), 0, to.strings(), 0, from.size());
    } else {
      to.data().put(from.data());
    }
  }

  private static JsonObject read() {
    try (Reader reader = new InputStreamReader(ContractModels.open("goldens.json"), UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Value> values(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(each -> value(each.getAsJsonObject()))
        .toList();
  }

  private static Value value(JsonObject json) {
    ElementType type = ElementType.valueOf(json.get("type").getAsString().toUpperCase(Locale.ROOT));
    long[] shape =
        json.getAsJsonArray("shape").asList().stream().mapToLong(JsonElement::getAsLong).toArray();
    Tensor tensor = Tensor.allocate(type, Shape.of(shape));
    fill(tensor, json.getAsJsonArray("values"));
    return new Value(TensorSpec.of(json.get("name").getAsString(), type, shape), tensor);
  }

  private static void fill(Tensor tensor, JsonArray values) {
    if (tensor.type() == ElementType.STRING) {
      for (int i = 0; i < values.size(); i++) {
        tensor.strings()[i] = values.get(i).getAsString();
      }
      return;
    }
    ByteBuffer data = tensor.data();
    for (JsonElement value : values) {
      switch (tensor.type()) {
        case FLOAT32 -> data.putFloat(value.getAsFloat());
        case FLOAT64 -> data.putDouble(value.getAsDouble());
        case FLOAT16 -> data.putShort(Float16.fromFloat(value.getAsFloat()));
        case INT32 -> data.putInt(value.getAsInt());
        case INT64 -> data.putLong(value.getAsLong());
        default -> data.put((byte) value.getAsInt());
      }
    }
  }
}

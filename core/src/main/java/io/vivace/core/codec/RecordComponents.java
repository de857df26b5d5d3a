package io.vivace.core.codec;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes an input of each component of a record. */
final class RecordComponents {
  private static final String WAY_OUT =
      "; add this input with from(...).input(name, codec, value) instead";

  private RecordComponents() {}

  static <R> NamedInputs<R> inputs(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null || components.length == 0) {
      throw new IllegalArgumentException(type.getName() + " is no record with components");
    }
    NamedInputs<R> inputs = NamedInputs.from(type);
    for (RecordComponent component : components) {
      inputs = add(inputs, component.getName(), component.getType(), accessor(component));
    }
    return inputs;
  }

  private static Method accessor(RecordComponent component) {
    Method accessor = component.getAccessor();
    try {
      accessor.setAccessible(true);
      return accessor;
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException("cannot read " + component + WAY_OUT, e);
    }
  }

  private static <R> NamedInputs<R> add(
      NamedInputs<R> inputs, String name, Class<?> type, Method get) {
    if (type == float.class) {
      return inputs.input(
          name, VectorInput.floats(1), item -> new float[] {(float) read(get, item)});
    }
    if (type == double.class) {
      return inputs.input(
          name, VectorInput.doubles(1), item -> new double[] {(double) read(get, item)});
    }
    if (type == int.class) {
      return inputs.input(name, VectorInput.ints(1), item -> new int[] {(int) read(get, item)});
    }
    if (type == long.class) {
      return inputs.input(name, VectorInput.longs(1), item -> new long[] {(long) read(get, item)});
    }
    if (type == boolean.class) {
      return inputs.input(
          name, VectorInput.booleans(1), item -> new boolean[] {(boolean) read(get, item)});
    }
    if (type == String.class) {
      return inputs.input(
          name, VectorInput.strings(1), item -> new @Nullable String[] {(String) read(get, item)});
    }
    throw new IllegalArgumentException(
        String.format(
            "component \"%s\" must be float, double, int, long, boolean or String, but is %s%s",
            name, type.getSimpleName(), WAY_OUT));
  }

  private static Object read(Method accessor, Object item) {
    try {
      return accessor.invoke(item);
    } catch (IllegalAccessException e) {
      throw new AssertionError("made accessible before", e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "component " + accessor.getName() + " cannot be read",
          Objects.requireNonNull(e.getCause()));
    }
  }
}

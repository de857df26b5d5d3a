package io.vivace.optimize.train.export;

import java.lang.reflect.Field;

/** Settings that DJL's blocks keep to themselves, without a method that gives them. */
final class Fields {
  private Fields() {}

  static Object read(Object block, String name) {
    for (Class<?> type = block.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(block);
      } catch (NoSuchFieldException e) {
        // A class above may have it.
      } catch (IllegalAccessException | RuntimeException e) {
        throw new IllegalArgumentException(
            "cannot read \"%s\" of %s: %s; open ai.djl.api to io.vivace.optimize, or use the class path"
                .formatted(name, block.getClass().getName(), e),
            e);
      }
    }
    throw new IllegalArgumentException(
        "%s has no field \"%s\": this version of DJL is not known"
            .formatted(block.getClass().getName(), name));
  }

  static float number(Object block, String name) {
    return ((Number) read(block, name)).floatValue();
  }

  static boolean flag(Object block, String name) {
    return (Boolean) read(block, name);
  }
}

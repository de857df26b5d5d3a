package io.vivace.core.serve;

import io.vivace.core.InvalidInputException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes keys that compare items by what is in them. */
final class ItemKey {
  private static final ClassValue<Boolean> HAS_EQUALS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
          } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
          }
        }
      };

  private ItemKey() {}

  /** Of an array the key is a copy of its content, of anything else the item itself. */
  static Object of(@Nullable Object item) {
    if (item == null) {
      throw new InvalidInputException("an item must not be null");
    }
    if (item.getClass().isArray()) {
      return new Content(copy(item));
    }
    if (item instanceof Enum<?> || HAS_EQUALS.get(item.getClass())) {
      return item;
    }
    throw new InvalidInputException(
        item.getClass().getName()
            + " has no equals of its own, so no item would be found again. Give the cache a key:"
            + " CachedPredictor.of(predictor).key(function)");
  }

  /** Copies an array; gives back anything else. */
  @SuppressWarnings("unchecked") // a clone has the same type
  static <T> T copy(T value) {
    Object copy = value;
    if (value instanceof float[] array) {
      copy = array.clone();
    } else if (value instanceof double[] array) {
      copy = array.clone();
    } else if (value instanceof long[] array) {
      copy = array.clone();
    } else if (value instanceof int[] array) {
      copy = array.clone();
    } else if (value instanceof short[] array) {
      copy = array.clone();
    } else if (value instanceof byte[] array) {
      copy = array.clone();
    } else if (value instanceof char[] array) {
      copy = array.clone();
    } else if (value instanceof boolean[] array) {
      copy = array.clone();
    } else if (value instanceof Object[] array) {
      Object[] items = array.clone();
      Arrays.setAll(items, i -> items[i] == null ? null : copy(items[i]));
      copy = items;
    }
    return (T) copy;
  }

  /** An array, compared by its elements. */
  private record Content(Object array) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Content that
          && Arrays.deepEquals(new Object[] {array}, new Object[] {that.array});
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(new Object[] {array});
    }
  }
}

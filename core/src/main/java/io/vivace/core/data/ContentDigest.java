package io.vivace.core.data;

import io.vivace.core.model.ElementType;
import io.vivace.core.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over values in a form that does not depend on how they are held: each value is a tag of
 * its kind, then its size where it has one, then its content, numbers with the highest byte first.
 */
final class ContentDigest {
  private final MessageDigest digest;
  private final ByteBuffer word = ByteBuffer.allocate(Long.BYTES);

  ContentDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  void add(@Nullable Object value) {
    if (value instanceof Number || value instanceof Boolean) {
      addNumber(value);
    } else if (value instanceof CharSequence || value instanceof Character) {
      addText(value.toString());
    } else if (value instanceof Enum<?> constant) {
      addText(constant.name());
    } else if (value instanceof Path path) {
      addFile(path);
    } else if (value instanceof Tensor tensor) {
      addTensor(tensor);
    } else if (value instanceof BufferedImage image) {
      addImage(image);
    } else {
      addComposite(value);
    }
  }

  private void addComposite(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      addUnordered(map.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
    } else if (value instanceof Set<?> set) {
      addUnordered(set);
    } else if (value instanceof Collection<?> list) {
      addHead('L', list.size());
      list.forEach(this::add);
    } else if (value instanceof Record composite) {
      addRecord(composite);
    } else if (value != null && value.getClass().isArray()) {
      addArray(value);
    } else {
      throw unsupported(value);
    }
  }

  private void addNumber(Object number) {
    if (number instanceof Boolean truth) {
      addHead('Z', truth ? 1 : 0);
    } else if (number instanceof Double || number instanceof Float) {
      addHead('D', Double.doubleToLongBits(((Number) number).doubleValue()));
    } else if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte) {
      addHead('J', ((Number) number).longValue());
    } else {
      addText(number.toString());
    }
  }

  private void addText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    addHead('S', bytes.length);
    digest.update(bytes);
  }

  private void addArray(Object array) {
    int length = Array.getLength(array);
    if (array instanceof Object[] objects) {
      addHead('L', length);
      Arrays.asList(objects).forEach(this::add);
    } else if (array instanceof byte[] bytes) {
      addHead('B', length);
      digest.update(bytes);
    } else if (array instanceof float[] || array instanceof double[]) {
      addHead('d', length);
      for (int i = 0; i < length; i++) {
        addWord(Double.doubleToLongBits(Array.getDouble(array, i)));
      }
    } else if (array instanceof boolean[] || array instanceof char[]) {
      addHead('L', length);
      for (int i = 0; i < length; i++) {
        add(Array.get(array, i));
      }
    } else {
      addHead('j', length);
      for (int i = 0; i < length; i++) {
        addWord(Array.getLong(array, i));
      }
    }
  }

  /** The hash of each element, sorted, since a hash map has no order of its own. */
  private void addUnordered(Collection<?> elements) {
    addHead('M', elements.size());
    elements.stream().map(ContentDigest::hashOf).sorted().forEach(this::addText);
  }

  private static String hashOf(Object element) {
    ContentDigest own = new ContentDigest();
    own.add(element);
    return own.hex();
  }

  private void addRecord(Record composite) {
    RecordComponent[] components = composite.getClass().getRecordComponents();
    addHead('L', components.length);
    for (RecordComponent component : components) {
      try {
        component.getAccessor().setAccessible(true);
        add(component.getAccessor().invoke(composite));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("cannot read " + component + " of a record", e);
      }
    }
  }

  private void addFile(Path file) {
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      addHead('P', Files.size(file));
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " to hash it", e);
    }
  }

  private void addTensor(Tensor tensor) {
    addText(tensor.type().name());
    add(tensor.shape().toArray());
    if (tensor.type() == ElementType.STRING) {
      add(tensor.strings());
    } else {
      digest.update(tensor.data());
    }
  }

  private void addImage(BufferedImage image) {
    addHead('I', image.getWidth());
    addWord(image.getHeight());
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      add(image.getRGB(0, y, row.length, 1, row, 0, row.length));
    }
  }

  private void addHead(char tag, long sizeOrValue) {
    digest.update((byte) tag);
    addWord(sizeOrValue);
  }

  private void addWord(long value) {
    digest.update(word.putLong(0, value).array());
  }

  private static IllegalArgumentException unsupported(@Nullable Object value) {
    return new IllegalArgumentException(
        (value == null ? "null" : value.getClass().getName())
            + " has no content hash; what has: numbers, booleans, texts, enums, paths, tensors,"
            + " images, and arrays, lists, sets, maps and records of those. Map it to one of them");
  }
}

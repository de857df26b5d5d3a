package io.vivace.core.model.torch;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.torch.PickleValue.Instance;
import io.vivace.core.model.torch.PickleValue.Items;
import io.vivace.core.model.torch.PickleValue.Scalar;
import io.vivace.core.model.torch.PickleValue.Storage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle of protocol 2 as TorchScript writes it. Each instruction takes at least a byte and
 * does a bounded amount of work, so that reading ends, and values and tensors are counted, so that
 * a small pickle does not become large in memory. Nothing is called: names of classes and functions
 * are compared with those that are known.
 */
final class PickleReader {
  /** A module of 40,000 tensors has as many; each takes some 60 bytes. */
  private static final int MOST_VALUES = 1_000_000;

  private final String model;
  private final ByteBuffer bytes;
  private final PickleCalls calls;
  private final List<PickleValue> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, PickleValue> memo = new HashMap<>();
  private final List<TorchStorage> storages = new ArrayList<>();
  private int at;
  private int made;

  private PickleReader(String model, byte[] pickle) {
    this.model = model;
    this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    this.calls = new PickleCalls(this::damaged);
  }

  /** What a pickle holds, and the storages that it fetches, some maybe twice. */
  record Result(PickleValue value, List<TorchStorage> storages) {}

  /**
   * Reads a whole pickle.
   *
   * @throws ModelLoadException if it is damaged, or has what TorchScript does not write
   */
  static Result read(String model, byte[] pickle) {
    return new PickleReader(model, pickle).read();
  }

  private Result read() {
    if (take() != 0x80 || take() != 2) {
      throw damaged("does not start as a pickle of protocol 2");
    }
    while (true) {
      at = bytes.position();
      int instruction = take();
      if (instruction == '.') {
        break;
      }
      step(instruction);
    }
    if (stack.size() != 1 || !marks.isEmpty()) {
      throw damaged("ends with %d values, not one".formatted(stack.size()));
    }
    return new Result(stack.get(0), List.copyOf(storages));
  }

  private void step(int instruction) {
    switch (instruction) {
      case 'N' -> push(new Scalar(null));
      case 0x88 -> push(new Scalar(true));
      case 0x89 -> push(new Scalar(false));
      case 'K' -> push(new Scalar((long) take()));
      case 'M' -> push(new Scalar((long) (take() | take() << 8)));
      case 'J' -> push(new Scalar((long) need(4).getInt()));
      case 0x8a -> push(new Scalar(longNumber()));
      case 'G' -> push(new Scalar(Double.longBitsToDouble(Long.reverseBytes(need(8).getLong()))));
      case 'X' -> push(new Scalar(text(need(4).getInt())));
      case ')', ']' -> push(new Items(false));
      case '}' -> push(new Items(true));
      case '(' -> marks.add(stack.size());
      case 't' -> push(items(popToMark()));
      case 0x85, 0x86, 0x87 -> push(items(pop(instruction - 0x84)));
      case 'q' -> memo.put(take(), top());
      case 'r' -> memo.put(need(4).getInt(), top());
      case 'h' -> push(remembered(take()));
      case 'j' -> push(remembered(need(4).getInt()));
      default -> build(instruction);
    }
  }

  private void build(int instruction) {
    switch (instruction) {
      case 'c' -> push(calls.name(line(), line()));
      case 'a' -> append(pop(1));
      case 'e' -> append(popToMark());
      case 's' -> put(pop(2));
      case 'u' -> put(popToMark());
      case 0x81 -> {
        List<PickleValue> pair = pop(2);
        push(calls.instance(pair.get(0), pair.get(1)));
      }
      case 'R' -> {
        List<PickleValue> pair = pop(2);
        push(calls.call(pair.get(0), pair.get(1)));
      }
      case 'b' -> {
        PickleValue state = pop(1).get(0);
        if (!(top() instanceof Instance instance)) {
          throw damaged("gives a state to what is no module");
        }
        instance.state(state);
      }
      case 'Q' -> {
        TorchStorage storage = calls.storage(pop(1).get(0));
        storages.add(storage);
        push(new Storage(storage));
      }
      default ->
          throw damaged(
              "has instruction 0x%02x, which TorchScript does not write".formatted(instruction));
    }
  }

  private static Items items(List<PickleValue> values) {
    Items items = new Items(false);
    items.values().addAll(values);
    return items;
  }

  private void append(List<PickleValue> values) {
    if (!(top() instanceof Items list) || list.isDictionary()) {
      throw damaged("appends to what is no list");
    }
    list.values().addAll(values);
  }

  private void put(List<PickleValue> pairs) {
    if (!(top() instanceof Items map) || !map.isDictionary() || pairs.size() % 2 != 0) {
      throw damaged("puts entries into what is no dictionary");
    }
    map.values().addAll(pairs);
  }

  private void push(PickleValue value) {
    if (++made > MOST_VALUES) {
      throw damaged("has more than %,d values".formatted(MOST_VALUES));
    }
    stack.add(value);
  }

  private PickleValue top() {
    requireValues(1);
    return stack.get(stack.size() - 1);
  }

  private List<PickleValue> pop(int count) {
    requireValues(count);
    return cut(stack.size() - count);
  }

  private List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw damaged("closes a list that it did not open");
    }
    return cut(marks.remove(marks.size() - 1));
  }

  private List<PickleValue> cut(int from) {
    List<PickleValue> tail = stack.subList(from, stack.size());
    List<PickleValue> values = List.copyOf(tail);
    tail.clear();
    return values;
  }

  private void requireValues(int count) {
    int mark = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() - mark < count) {
      throw damaged("takes %d values where it has %d".formatted(count, stack.size() - mark));
    }
  }

  private PickleValue remembered(int number) {
    @Nullable PickleValue value = memo.get(number);
    if (value == null) {
      throw damaged("asks for value " + number + ", which it did not keep");
    }
    return value;
  }

  private long longNumber() {
    int count = take();
    if (count > Long.BYTES) {
      throw damaged("has a number of %d bytes, allowed are 8".formatted(count));
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) take() << (Byte.SIZE * i);
    }
    int unused = Long.SIZE - Byte.SIZE * count;
    return count == 0 ? 0 : value << unused >> unused;
  }

  private String text(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw damaged("has text of %d bytes, but ends after %d".formatted(length, bytes.remaining()));
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private String line() {
    int start = bytes.position();
    while (take() != '\n') {}
    return new String(bytes.array(), start, bytes.position() - 1 - start, StandardCharsets.UTF_8);
  }

  private int take() {
    return need(1).get() & 0xff;
  }

  private ByteBuffer need(int count) {
    if (bytes.remaining() < count) {
      throw damaged("is cut off");
    }
    return bytes;
  }

  private ModelLoadException damaged(String reason) {
    return new ModelLoadException(
        "the pickle of model %s %s (at byte %d); save the model again with torch.jit.save"
            .formatted(model, reason, at));
  }
}

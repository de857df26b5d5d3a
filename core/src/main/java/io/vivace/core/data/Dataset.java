package io.vivace.core.data;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Examples in a fixed order, each with an index. Immutable and thread-safe.
 *
 * <p>Parts, shuffles and mapped data sets are views: they copy no example, and a mapping runs each
 * time an element is asked for. Inputs and labels are separate columns, so labels are read without
 * making the inputs. Elements are handed out as they are, so an array that is an input must not be
 * changed.
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 */
public final class Dataset<X, Y> implements Iterable<Example<X, Y>> {
  private final List<X> inputs;
  private final List<Y> labels;

  /**
   * Two parts of a data set.
   *
   * @param training the part to learn from
   * @param heldOut the part to judge with
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   */
  public record Split<X, Y>(Dataset<X, Y> training, Dataset<X, Y> heldOut) {
    /**
     * Checks that nothing is null.
     *
     * @param training the part to learn from
     * @param heldOut the part to judge with
     */
    public Split {
      Objects.requireNonNull(training, "training");
      Objects.requireNonNull(heldOut, "heldOut");
    }
  }

  private Dataset(List<X> inputs, List<Y> labels) {
    this.inputs = inputs;
    this.labels = labels;
  }

  /**
   * Makes a data set of examples.
   *
   * @param examples the examples; the list is copied, and may be empty
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the data set
   */
  public static <X, Y> Dataset<X, Y> of(List<Example<X, Y>> examples) {
    return new Dataset<>(
        examples.stream().map(Example::input).toList(),
        examples.stream().map(Example::label).toList());
  }

  /**
   * Makes a data set of inputs and their labels.
   *
   * @param inputs the inputs; the list is copied, and may be empty
   * @param labels the label of each input; the list is copied
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the data set
   * @throws IllegalArgumentException if there are not as many labels as inputs
   */
  public static <X, Y> Dataset<X, Y> of(List<? extends X> inputs, List<? extends Y> labels) {
    if (inputs.size() != labels.size()) {
      throw new IllegalArgumentException(
          String.format(
              "each input needs one label, but there are %,d inputs and %,d labels",
              inputs.size(), labels.size()));
    }
    return new Dataset<>(List.copyOf(inputs), List.copyOf(labels));
  }

  /**
   * Makes a data set whose elements are made each time they are asked for, as from an open file.
   *
   * @param size the number of examples, at least 0
   * @param inputs makes the input of an index from 0 to {@code size - 1}: thread-safe, always the
   *     same for an index, never null
   * @param labels makes the label of an index, likewise
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the data set
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public static <X, Y> Dataset<X, Y> lazy(
      int size, IntFunction<? extends X> inputs, IntFunction<? extends Y> labels) {
    if (size < 0) {
      throw new IllegalArgumentException("size must be at least 0, but was " + size);
    }
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(labels, "labels");
    return new Dataset<>(new IndexedView<>(size, inputs), new IndexedView<>(size, labels));
  }

  /**
   * Returns the number of examples.
   *
   * @return at least 0
   */
  public int size() {
    return inputs.size();
  }

  /**
   * Tells whether there is no example.
   *
   * @return true if {@link #size()} is 0
   */
  public boolean isEmpty() {
    return inputs.isEmpty();
  }

  /**
   * Returns one example.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the example
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public Example<X, Y> get(int index) {
    return new Example<>(inputs.get(index), labels.get(index));
  }

  /**
   * Returns the inputs in order.
   *
   * @return an unmodifiable view
   */
  public List<X> inputs() {
    return inputs;
  }

  /**
   * Returns the labels in order. No input is made for it.
   *
   * @return an unmodifiable view
   */
  public List<Y> labels() {
    return labels;
  }

  /**
   * Returns the examples of some indices.
   *
   * @param indices indices of this data set, in the order wanted; one may occur more than once
   * @return a view of {@code indices.length} examples
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public Dataset<X, Y> select(int... indices) {
    int[] own = indices.clone();
    for (int index : own) {
      Objects.checkIndex(index, size());
    }
    return new Dataset<>(IndexedView.select(inputs, own), IndexedView.select(labels, own));
  }

  /**
   * Returns the examples of a range.
   *
   * @param from the first index
   * @param to one after the last index
   * @return a view of {@code to - from} examples; may be empty
   * @throws IndexOutOfBoundsException if the range does not lie within the data set
   */
  public Dataset<X, Y> slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return new Dataset<>(inputs.subList(from, to), labels.subList(from, to));
  }

  /**
   * Returns these examples followed by others.
   *
   * @param other the examples to come after these
   * @return a view of both
   */
  public Dataset<X, Y> concat(Dataset<? extends X, ? extends Y> other) {
    return new Dataset<>(
        IndexedView.concat(inputs, other.inputs), IndexedView.concat(labels, other.labels));
  }

  /**
   * Returns the same examples with other inputs.
   *
   * @param function makes the new input each time it is asked for: thread-safe, always the same for
   *     an input, never null; see {@link #materialized()} if it is costly
   * @param <Z> the type of the new inputs
   * @return a view
   */
  public <Z> Dataset<Z, Y> mapInputs(Function<? super X, ? extends Z> function) {
    Objects.requireNonNull(function, "function");
    return new Dataset<>(IndexedView.map(inputs, function), labels);
  }

  /**
   * Returns the same examples with other labels.
   *
   * @param function makes the new label each time it is asked for: thread-safe, always the same for
   *     a label, never null
   * @param <Z> the type of the new labels
   * @return a view
   */
  public <Z> Dataset<X, Z> mapLabels(Function<? super Y, ? extends Z> function) {
    Objects.requireNonNull(function, "function");
    return new Dataset<>(inputs, IndexedView.map(labels, function));
  }

  /**
   * Makes every input and label now and keeps them in memory, so that no mapping runs again.
   *
   * @return a data set of equal examples
   */
  public Dataset<X, Y> materialized() {
    return of(inputs, labels);
  }

  /**
   * Returns the examples in a random order that depends on the size and the seed only.
   *
   * @param seed any number; the same seed gives the same order on every machine
   * @return a view
   */
  public Dataset<X, Y> shuffled(long seed) {
    return select(Permutation.of(size(), seed));
  }

  /**
   * Shuffles the examples and cuts them in two. The parts do not overlap, and do not depend on the
   * labels.
   *
   * @param fraction the share of the first part, above 0 and below 1; its size is {@code fraction *
   *     size()} rounded to nearest
   * @param seed any number; the same seed gives the same parts
   * @return two views
   * @throws IllegalArgumentException if the fraction is out of range, or a part would be empty
   */
  public Split<X, Y> split(double fraction, long seed) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "fraction must be above 0 and below 1, but was " + fraction);
    }
    int border = (int) Math.round(fraction * size());
    if (border == 0 || border == size()) {
      throw new IllegalArgumentException(
          String.format(
              "a split of %,d examples at %s leaves a part empty: it would be %,d and %,d",
              size(), fraction, border, size() - border));
    }
    Dataset<X, Y> shuffled = shuffled(seed);
    return new Split<>(shuffled.slice(0, border), shuffled.slice(border, size()));
  }

  /**
   * Returns what identifies the content, for provenance: two data sets of equal examples in the
   * same order have the same hash, however they were made.
   *
   * <p>Reads every example. Inputs and labels may be primitive arrays, numbers, booleans, texts,
   * enum constants, tensors, images, and lists, maps, arrays and records of those; of a path the
   * file's content counts, not its name. NaN equals NaN, and 0.0 differs from -0.0.
   *
   * @return the SHA-256 of a canonical form, 64 hexadecimal digits in lower case
   * @throws IllegalArgumentException if an element has another type; map it to one of those first
   * @throws java.io.UncheckedIOException if a file cannot be read
   */
  public String contentHash() {
    ContentDigest digest = new ContentDigest();
    digest.add(size());
    inputs.forEach(digest::add);
    labels.forEach(digest::add);
    return digest.hex();
  }

  /**
   * Returns the examples in order.
   *
   * @return a new stream
   */
  public Stream<Example<X, Y>> stream() {
    return IntStream.range(0, size()).mapToObj(this::get);
  }

  @Override
  public Iterator<Example<X, Y>> iterator() {
    return stream().iterator();
  }

  /**
   * Returns the size; no example is made for it.
   *
   * @return for example {@code Dataset[1,797 examples]}
   */
  @Override
  public String toString() {
    return String.format("Dataset[%,d examples]", size());
  }
}

package io.vivace.core.model.torch;

import io.vivace.core.model.Shape;
import java.util.List;

/**
 * A tensor that a module holds: a look into a storage. The element at indices {@code i} lies at
 * {@code offset + sum(i_k * stride_k)}, which is within the storage for each.
 *
 * @param name the path of attributes to it, for example {@code conv1.weight}
 * @param module the class of the module that holds it, for example {@code
 *     __torch__.torch.nn.modules.linear.Linear}; empty where no module does
 * @param storage where its elements are
 * @param offset the element of the storage that comes first
 * @param shape the shape; no size is unknown
 * @param strides how far neighbours along each axis are apart, in elements, at least 0
 * @param isTrained whether a gradient was wanted, as for parameters
 * @param aliases the other paths to the same tensor object, as where a module is held twice, at
 *     most 999 of them; a tensor of its own that looks into the same storage is none
 */
public record TorchTensor(
    String name,
    String module,
    TorchStorage storage,
    long offset,
    Shape shape,
    List<Long> strides,
    boolean isTrained,
    List<String> aliases) {
  /**
   * Copies the lists.
   *
   * @param name the path of attributes to it
   * @param module the class of the module that holds it
   * @param storage where its elements are
   * @param offset the element of the storage that comes first
   * @param shape the shape
   * @param strides how far neighbours along each axis are apart
   * @param isTrained whether a gradient was wanted
   * @param aliases the other paths to the same tensor object
   */
  public TorchTensor {
    strides = List.copyOf(strides);
    aliases = List.copyOf(aliases);
  }

  /**
   * Tells whether the elements lie in row-major order, one after the other.
   *
   * @return true if so
   */
  public boolean isContiguous() {
    long expected = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      long size = shape.dimension(axis);
      if (size != 1 && strides.get(axis) != expected) {
        return shape.elements() == 0;
      }
      expected *= size;
    }
    return true;
  }

  /**
   * Returns the element of the storage behind the last one that the tensor may look at.
   *
   * @return above {@link #offset()}, which it equals where the tensor has no elements
   */
  public long end() {
    if (shape.elements() == 0) {
      return offset;
    }
    long last = offset;
    for (int axis = 0; axis < shape.rank(); axis++) {
      last += (shape.dimension(axis) - 1) * strides.get(axis);
    }
    return last + 1;
  }

  @Override
  public String toString() {
    return "\"" + name + "\" " + storage.type() + shape;
  }
}

package io.vivace.core.internal.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDArrayIndexer;
import ai.djl.ndarray.index.full.NDIndexFullPick;
import ai.djl.ndarray.index.full.NDIndexFullSlice;
import ai.djl.ndarray.index.full.NDIndexFullTake;

/** Reads parts of host arrays that fixed positions and slices name. */
final class HostIndexer extends NDArrayIndexer {
  @Override
  public NDArray get(NDArray array, NDIndexFullSlice slice) {
    HostArray host = (HostArray) array;
    Walk walk = host.walk();
    long[] sizes = slice.getShape().getShape();
    for (int axis = 0; axis < sizes.length; axis++) {
      walk = walk.slice(axis, slice.getMin()[axis], sizes[axis], slice.getStep()[axis]);
    }
    return host.make(slice.getSqueezedShape(), host.elements().pick(walk.positions()));
  }

  @Override
  public NDArray get(NDArray array, NDIndexFullPick pick) {
    throw new UnsupportedOperationException("positions given by an array");
  }

  @Override
  public NDArray get(NDArray array, NDIndexFullTake take) {
    throw new UnsupportedOperationException("positions given by an array");
  }

  @Override
  public void set(NDArray array, NDIndexFullSlice slice, NDArray value) {
    throw new UnsupportedOperationException("writing to a part");
  }

  @Override
  public void set(NDArray array, NDIndexFullSlice slice, Number value) {
    throw new UnsupportedOperationException("writing to a part");
  }
}

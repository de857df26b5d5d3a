package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SlabTest {
  /** A size that no other test asks for. */
  private static final int BYTES = 1_234_567;

  @Test
  void close_memory_isUsedAgainByTheNextOfItsSize() {
    Slab first = new Slab();
    first.reserve(BYTES, "test");
    first.first(BYTES).putInt(0, 42);
    first.close();
    first.close();
    Slab second = new Slab();
    second.reserve(BYTES - 1000, "test");
    Slab third = new Slab();
    third.reserve(BYTES, "test");
    assertThat(second.first(BYTES - 1000).getInt(0)).isEqualTo(42);
    assertThat(third.first(BYTES).getInt(0)).isZero();
  }

  @Test
  void take_muchLessThanWhatIsIdle_leavesTheLargeBuffer() {
    ByteBuffer large = DirectMemory.take(3 * BYTES);
    DirectMemory.give(large);
    assertThat(DirectMemory.take(BYTES).capacity()).isLessThan(3 * BYTES);
    assertThat(DirectMemory.take(2 * BYTES)).isSameAs(large);
  }

  @Test
  void reserve_again_growsByHalfAtLeast() {
    Slab slab = new Slab();
    assertThat(slab.reserve(7 * BYTES, "test")).isTrue();
    assertThat(slab.reserve(7 * BYTES, "test")).isFalse();
    assertThat(slab.reserve(7 * BYTES + 1, "test")).isTrue();
    assertThat(slab.reserve(10 * BYTES, "test")).isFalse();
  }
}

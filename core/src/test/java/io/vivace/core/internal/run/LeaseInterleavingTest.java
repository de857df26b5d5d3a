package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.internal.Interleavings;
import io.vivace.core.internal.Interleavings.Scenario;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every order of the single steps of users, a holder and a close. */
@Timeout(120)
class LeaseInterleavingTest {
  private static final class Stepwise extends Lease.Count {
    @Override
    long get() {
      Interleavings.point();
      return super.get();
    }

    @Override
    long getAndAdd(long change) {
      Interleavings.point();
      return super.getAndAdd(change);
    }

    @Override
    boolean compareAndSet(long expected, long to) {
      Interleavings.point();
      return super.compareAndSet(expected, to);
    }
  }

  /** A resource whose users see that it is there while they have it. */
  private static final class World {
    final AtomicInteger destroyed = new AtomicInteger();
    final AtomicInteger using = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final Lease lease = new Lease(destroyed::incrementAndGet, new Stepwise());

    void use(int limit) {
      if (lease.acquire(limit) > 0) {
        most.accumulateAndGet(using.incrementAndGet(), Math::max);
        Interleavings.point();
        assertThat(destroyed).as("in use").hasValue(0);
        using.decrementAndGet();
        lease.release();
      }
    }

    void glance() {
      if (lease.acquire()) {
        assertThat(destroyed).as("in use").hasValue(0);
        lease.release();
      }
    }

    void hold() {
      if (lease.hold()) {
        assertThat(destroyed).as("held").hasValue(0);
        lease.letGo();
      }
    }

    void closedOnce(AtomicInteger first) {
      if (lease.close()) {
        first.incrementAndGet();
      }
    }
  }

  @Test
  void usersAndClose_everyOrder_isDestroyedOnceAfterTheLastUse() {
    int orders =
        Interleavings.explore(
            () -> {
              World world = new World();
              return new Scenario(
                  List.of(() -> world.use(9), world::glance, world.lease::close),
                  () -> {
                    assertThat(world.destroyed).hasValue(1);
                    assertThat(world.lease.isClosed()).isTrue();
                  });
            });
    assertThat(orders).isGreaterThan(100);
  }

  @Test
  void userHolderAndTwoCloses_everyOrder_oneClosesAndIsDestroyedOnce() {
    int orders =
        Interleavings.explore(
            () -> {
              World world = new World();
              AtomicInteger first = new AtomicInteger();
              return new Scenario(
                  List.of(
                      world::glance,
                      world::hold,
                      () -> {
                        world.closedOnce(first);
                        world.closedOnce(first);
                      }),
                  () -> {
                    assertThat(world.destroyed).hasValue(1);
                    assertThat(first).hasValue(1);
                  });
            });
    assertThat(orders).isGreaterThan(100);
  }

  @Test
  void twoUsersWhereOneIsAllowed_everyOrder_neverExceedTheLimit() {
    int orders =
        Interleavings.explore(
            () -> {
              World world = new World();
              return new Scenario(
                  List.of(() -> world.use(1), () -> world.use(1)),
                  () -> {
                    assertThat(world.most).hasValue(1);
                    assertThat(world.lease.users()).isZero();
                    assertThat(world.destroyed).hasValue(0);
                  });
            });
    assertThat(orders).isGreaterThan(10);
  }
}

package io.vivace.core.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.internal.schedule.Picker.Shed;
import io.vivace.core.internal.schedule.Request.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Drives the line and the picker with a clock of the test's own and a runner that takes time. */
class PickerPropertyTest {
  private static final long MILLI = 1_000_000;

  /**
   * What happens next: a request comes, the runner takes a batch, one is cancelled, time passes.
   */
  record Step(int kind, int group, int priority, int deadlineMillis, int millis) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.frequency(
                    net.jqwik.api.Tuple.of(6, 0),
                    net.jqwik.api.Tuple.of(2, 1),
                    net.jqwik.api.Tuple.of(1, 2),
                    net.jqwik.api.Tuple.of(1, 3)),
                Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(-2, 2),
                Arbitraries.integers().between(0, 40),
                Arbitraries.integers().between(0, 30))
            .as(Step::new);
    return step.list().ofMinSize(1).ofMaxSize(120);
  }

  /** A world of one runner. */
  private static final class World {
    long now;
    final Line<Integer, String> line = new Line<>();
    final Sizing sizing = Sizing.adaptive(8, 10_000, () -> now, () -> 0);
    final Picker<Integer, String> picker = new Picker<>(line, sizing, 0);
    final List<Request<Integer, String>> all = new ArrayList<>();
    final List<Request<Integer, String>> ran = new ArrayList<>();
    final Set<Request<Integer, String>> shed = new HashSet<>();
    final Set<Request<Integer, String>> cancelled = new HashSet<>();

    World(boolean confident) {
      for (int group = 0; confident && group < 3; group++) {
        for (int size = 1; size <= 8; size *= 2) {
          for (int i = 0; i < 32; i++) {
            sizing.learn(group, size, 2 * MILLI + size * MILLI / 2);
          }
        }
      }
    }

    void step(Step step) {
      switch (step.kind) {
        case 0 -> arrive(step);
        case 1 -> run();
        case 2 -> cancel(step.millis);
        default -> now += step.millis * MILLI;
      }
    }

    private void arrive(Step step) {
      long deadline =
          step.deadlineMillis == 0 ? Request.NO_DEADLINE : now + step.deadlineMillis * MILLI;
      Request<Integer, String> request =
          new Request<>(null, all.size(), step.group, step.priority, now, deadline, null, false);
      all.add(request);
      line.add(request);
      now++; // no two come at the same time
    }

    private void cancel(int index) {
      if (!all.isEmpty()) {
        Request<Integer, String> request = all.get(index % all.size());
        if (request.withdraw() == State.WAITING) {
          line.remove(request);
          cancelled.add(request);
        }
      }
    }

    private void run() {
      Request<Integer, String> head = line.first();
      List<Shed<Integer, String>> out = new ArrayList<>();
      Batch<Integer, String> batch = picker.pick(now, null, Integer.MAX_VALUE, out);
      out.forEach(
          one -> {
            assertThat(shed.add(one.request())).as("shed twice").isTrue();
            assertThat(one.request().deadlineNanos).isNotEqualTo(Request.NO_DEADLINE);
          });
      check(batch, head);
      for (int row = 0; row < batch.rows(); row++) {
        batch.answer(row, "a" + batch.payload(row));
        assertThat(batch.finish(row)).isTrue();
        ran.add(batch.members().get(row));
      }
      now += batch.rows() * MILLI / 2;
    }

    private void check(Batch<Integer, String> batch, Request<Integer, String> head) {
      assertThat(batch.rows()).isLessThanOrEqualTo(8);
      assertThat(batch.size()).isBetween(batch.rows(), 8);
      if (batch.rows() > 0) {
        assertThat(batch.members()).allMatch(member -> member.deadlineNanos > now);
        assertThat(batch.members().stream().map(member -> member.group).distinct()).hasSize(1);
        if (!shed.contains(head)) {
          assertThat(batch.members().get(0)).as("the first in order leads").isSameAs(head);
        }
      }
    }

    void drain() {
      while (line.size() > 0) {
        int before = line.size();
        run();
        assertThat(line.size()).as("each run takes something").isLessThan(before);
      }
    }
  }

  @Property(tries = 300, seed = "42")
  void pick_anything_losesNothingAndAnswersOnce(
      @ForAll("steps") List<Step> steps, @ForAll boolean confident) {
    World world = new World(confident);
    steps.forEach(world::step);
    world.drain();
    assertThat(world.ran).doesNotHaveDuplicates();
    assertThat(world.ran.size() + world.shed.size() + world.cancelled.size())
        .isEqualTo(world.all.size());
    assertThat(world.ran).noneMatch(world.shed::contains).noneMatch(world.cancelled::contains);
  }

  @Property(tries = 300, seed = "42")
  void pick_anything_isFirstInFirstOutInAPriorityAndGroup(@ForAll("steps") List<Step> steps) {
    World world = new World(false);
    steps.forEach(world::step);
    world.drain();
    Map<String, Integer> last = new HashMap<>();
    for (Request<Integer, String> request : world.ran) {
      String queue = request.group + "/" + request.priority;
      assertThat(request.payload).isGreaterThan(last.getOrDefault(queue, -1));
      last.put(queue, request.payload);
    }
  }

  @Property(tries = 100, seed = "42")
  void pick_oneOfAHigherPriority_overtakesOnlyWhoHasNotWaitedLongEnough(
      @ForAll("waits") int waitedMillis) {
    World world = new World(false);
    world.step(new Step(0, 0, 0, 0, 0));
    world.now += waitedMillis * MILLI;
    world.step(new Step(0, 1, 2, 0, 0));
    world.run();
    long overtakes = 2 * Request.AGEING_NANOS / MILLI;
    assertThat(world.ran.get(0).payload).isEqualTo(waitedMillis < overtakes ? 1 : 0);
  }

  @Provide
  Arbitrary<Integer> waits() {
    return Arbitraries.integers().between(0, 400);
  }
}
